"""The question's second script, unchanged, which then sends the message after its last line.

Reads one JSON object from standard input and prints the outcome: "sent", "False", or the name of the exception.
"""

import email.message
import json
import smtplib
import ssl
import sys

_DEFAULT_CIPHERS = (
    "ECDH+AESGCM:DH+AESGCM:ECDH+AES256:DH+AES256:ECDH+AES128:DH+AES:ECDH+HIGH:"
    "DH+HIGH:ECDH+3DES:DH+3DES:RSA+AESGCM:RSA+AES:RSA+HIGH:RSA+3DES:!aNULL:"
    "!eNULL:!MD5"
)


def send(host, port, user, password, msg):
    smtp_server = smtplib.SMTP(host, port=port)

    context = ssl.SSLContext(ssl.PROTOCOL_SSLv23)
    context.options |= ssl.OP_NO_SSLv2
    context.options |= ssl.OP_NO_SSLv3

    context.set_ciphers(_DEFAULT_CIPHERS)
    context.set_default_verify_paths()
    context.verify_mode = ssl.CERT_REQUIRED

    if smtp_server.starttls(context=context)[0] != 220:
        return False
    smtp_server.login(user, password)
    smtp_server.send_message(msg)
    return "sent"


given = json.load(sys.stdin)
msg = email.message.EmailMessage()
msg["From"], msg["To"], msg["Subject"] = given["sender"], given["recipient"], "a question"
msg.set_content(given["body"])
try:
    print(send(given["host"], given["port"], given["user"], given["password"], msg))
except Exception as error:
    print(type(error).__name__, error)
