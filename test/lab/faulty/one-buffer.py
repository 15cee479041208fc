"""Keeps one buffer of replies for the clear and for TLS (CVE-2021-38371), and looks at their first digits only."""

from mail import HOST, Line

line = Line()
line.reply()
if not any("STARTTLS" in word for word in line.ask(f"EHLO {HOST}", "250")):
    raise SystemExit("no STARTTLS")
line.ask("STARTTLS", "220")
line.start_tls()
line.log_in(line.ask(f"EHLO {HOST}", "2"))
line.send()
line.ask("QUIT", "221")
