"""Sends one message with the settings in its argument, a JSON object; verifies the server with the authority's file."""

import email.message
import json
import smtplib
import ssl
import sys

given = json.loads(sys.argv[1])
message = email.message.EmailMessage()
message["From"], message["To"], message["Subject"] = given["from"], given["to"], given["subject"]
message.set_content(given["text"])
context = ssl.create_default_context(cafile=given["caFile"])
if given["transport"] == "implicit":
    server = smtplib.SMTP_SSL(given["host"], given["port"], context=context)
else:
    server = smtplib.SMTP(given["host"], given["port"])
    server.starttls(context=context)
server.login(given["username"], given["password"])
server.send_message(message)
server.quit()
