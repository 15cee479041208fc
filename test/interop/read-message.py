"""Reads one message from standard input with Python's parser, and prints its contents as JSON, every defect included."""

import email
import email.errors
import email.policy
import hashlib
import json
import sys

octets = sys.stdin.buffer.read()
if octets.replace(b"\r\n", b"\n").partition(b"\n\n")[0].isascii():
    message = email.message_from_bytes(octets, policy=email.policy.default)
else:
    # RFC 6532. Given octets, this parser takes only ASCII headers.
    message = email.message_from_string(octets.decode(), policy=email.policy.SMTPUTF8)
defects, texts, attachments = [], [], []
for part in message.walk():
    if part.is_multipart():
        defects.extend(part.defects)
        continue
    content = part.get_content()
    # Some defects are found only when a content or a header is decoded.
    defects.extend(part.defects)
    for value in part.values():
        defects.extend(value.defects)
    if part.get_filename() is None:
        texts.append(content.replace("\r\n", "\n").rstrip("\n"))
    else:
        octets = content if isinstance(content, bytes) else part.get_payload(decode=True)
        attachments.append([part.get_filename(), hashlib.sha256(octets).hexdigest()])
for value in message.values():
    defects.extend(value.defects)
facts = {
    "subject": str(message["Subject"]),
    "from": [[one.display_name, one.addr_spec] for one in message["From"].addresses],
    "to": [[one.display_name, one.addr_spec] for one in message["To"].addresses],
    "texts": texts,
    "attachments": attachments,
    # This parser calls every local part beyond ASCII a defect, in spite of RFC 6532.
    "defects": [repr(one) for one in defects if not isinstance(one, email.errors.NonASCIILocalPartDefect)],
}
json.dump(facts, sys.stdout)
