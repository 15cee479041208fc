"""If the handshake takes long, writes its login to the raw socket, after the ClientHello."""

import ssl
from mail import HOST, USERNAME, PASSWORD, Line, encoded

line = Line()
line.reply()
line.ask(f"EHLO {HOST}", "250")
line.ask("STARTTLS", "220")
line.socket.settimeout(1)
raw = line.socket.dup()
try:
    line.start_tls()
except (TimeoutError, OSError):
    raw.sendall(("AUTH PLAIN " + encoded(f"\0{USERNAME}\0{PASSWORD}") + "\r\n").encode())
    raise SystemExit("not sent")
line.socket.settimeout(8)
line.log_in(line.ask(f"EHLO {HOST}", "250"))
line.send()
line.ask("QUIT", "221")
