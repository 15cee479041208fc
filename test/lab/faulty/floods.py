"""If there is no STARTTLS, sends 44 MiB without a line end."""

from mail import HOST, Line

line = Line()
line.reply()
if not any("STARTTLS" in word for word in line.ask(f"EHLO {HOST}", "250")):
    for _ in range(44):
        line.socket.sendall(b"x" * 1024 * 1024)
    raise SystemExit("not sent")
line.ask("STARTTLS", "220")
line.start_tls()
line.log_in(line.ask(f"EHLO {HOST}", "250"))
line.send()
line.ask("QUIT", "221")
