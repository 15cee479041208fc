"""Twisted's sendmail(): `sendmail()`, or with requireTransportSecurity=True."""
import sys

from twisted.internet import task
from twisted.mail.smtp import sendmail

PATIENCE = 4

_, mode, _, host, port, username, password, sender, recipient, message = sys.argv
options = {"requireTransportSecurity": True} if mode == "requireTransportSecurity" else {}
with open(message, "rb") as file:
    # It wants lines that end with a line feed alone.
    octets = file.read().replace(b"\r\n", b"\n")


def send(reactor):
    sending = sendmail(
        host.encode(),
        sender.encode(),
        [recipient.encode()],
        octets,
        port=int(port),
        username=username,
        password=password,
        requireAuthentication=True,
        **options,
    )
    return sending.addTimeout(PATIENCE, reactor)


task.react(send)
