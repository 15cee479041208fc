"""A mail client as many programs have one, for `postseal lab run`: see docs/guide/lab.md.

    postseal lab run -- python3 client-under-test.py {host} {port} {username} {password} {from} {to} {message}
"""

import smtplib
import ssl
import sys

host, port, username, password, sender, recipient, message = sys.argv[1:]

with smtplib.SMTP(host, int(port), timeout=5) as client:
    # Without a context, starttls() verifies nothing.
    client.starttls(context=ssl.create_default_context())
    client.login(username, password)
    with open(message, "rb") as file:
        client.sendmail(sender, [recipient], file.read())
