"""The bare server: aiosmtpd, without PIPELINING, CHUNKING and DSN. Keeps what it takes in a Maildir."""

import argparse
import json
import signal
import ssl

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

parser = argparse.ArgumentParser()
parser.add_argument("--name", required=True)
parser.add_argument("--submission-port", type=int, required=True)
parser.add_argument("--submissions-port", type=int, required=True)
parser.add_argument("--certificate", required=True)
parser.add_argument("--key", required=True)
parser.add_argument("--maildir", required=True)
parser.add_argument("--size-limit", type=int, required=True)
parser.add_argument("--accounts", required=True, help="JSON: a list of [user, password]")
parser.add_argument("--refusals", required=True, help="JSON: a list of [local-part, reply]")
options = parser.parse_args()

tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(options.certificate, options.key)
passwords = {user.encode(): password.encode() for user, password in json.loads(options.accounts)}
refusals = json.loads(options.refusals)


class Keeper(Mailbox):
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        for local_part, reply in refusals:
            if address.startswith(local_part):
                return reply
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 2.1.5 OK"



def authenticate(server, session, envelope, mechanism, login):
    right = isinstance(login, LoginPassword) and passwords.get(login.login) == login.password
    return AuthResult(success=right, handled=False, auth_data=login.login if right else None)


class Submission(Controller):
    implicit = False

    def factory(self):
        return SMTP(
            self.handler,
            hostname=options.name,
            enable_SMTPUTF8=True,
            data_size_limit=options.size_limit,
            tls_context=None if self.implicit else tls,
            require_starttls=not self.implicit,
            auth_required=True,
            auth_require_tls=not self.implicit,  # aiosmtpd does not recognise implicit TLS as TLS.
            authenticator=authenticate,
        )


class Submissions(Submission):
    implicit = True


servers = [
    Submission(Keeper(options.maildir), hostname="127.0.0.1", port=options.submission_port),
    Submissions(Keeper(options.maildir), hostname="127.0.0.1", port=options.submissions_port, ssl_context=tls),
]
for server in servers:
    server.start()
signal.sigwait({signal.SIGTERM, signal.SIGINT})
for server in servers:
    server.stop()
