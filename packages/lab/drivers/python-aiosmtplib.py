"""aiosmtplib's send(): `default`, or with start_tls=True."""
import asyncio
import sys

import aiosmtplib

PATIENCE = 4

_, mode, scheme, host, port, username, password, sender, recipient, message = sys.argv
options = {"use_tls": True} if scheme == "smtps" else {}
if mode == "start_tls=True":
    options["start_tls"] = True
with open(message, "rb") as file:
    octets = file.read()
asyncio.run(
    aiosmtplib.send(
        octets,
        sender=sender,
        recipients=[recipient],
        hostname=host,
        port=int(port),
        username=username,
        password=password,
        timeout=PATIENCE,
        **options,
    )
)
