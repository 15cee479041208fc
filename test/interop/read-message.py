"""Reads one message from standard input with Python's own parser, and says as JSON what is in it, every defect included."""

import email
import email.policy
import hashlib
import json
import sys

message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
defects, texts, attachments = [], [], []
for part in message.walk():
    if part.is_multipart():
        defects.extend(part.defects)
        continue
    content = part.get_content()
    # Some defects are found only as a content or a header is decoded.
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
    "defects": [repr(defect) for defect in defects],
}
json.dump(facts, sys.stdout)
