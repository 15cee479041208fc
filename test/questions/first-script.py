"""The question's first script, unchanged: a default context, passed to starttls() positionally.

Reads one JSON object from standard input and prints the outcome: "sent", or the name of the exception.
Only "how" may differ: "positional" as in the question, "by name" as its author corrected it, "without" for
starttls() without a context, "if offered" for a client that asks first.
"""

import email.message
import json
import smtplib
import ssl
import sys


def send(host, port, user, password, msg, how):
    smtp_server = smtplib.SMTP(host, port=port)
    context = ssl.create_default_context()
    if how == "positional":
        smtp_server.starttls(context)
    elif how == "by name":
        smtp_server.starttls(context=context)
    elif how == "without":
        smtp_server.starttls()
    else:
        smtp_server.ehlo()
        if smtp_server.has_extn("starttls"):
            smtp_server.starttls(context=context)
    smtp_server.login(user, password)
    smtp_server.send_message(msg)


given = json.load(sys.stdin)
msg = email.message.EmailMessage()
msg["From"], msg["To"], msg["Subject"] = given["sender"], given["recipient"], "a question"
msg.set_content(given["body"])
try:
    send(given["host"], given["port"], given["user"], given["password"], msg, given["how"])
    print("sent")
except Exception as error:
    print(type(error).__name__, error)
