"""Keeps one buffer of replies for the clear and for TLS (CVE-2021-38371), and looks at their first digits only."""

import time
from mail import HOST, Line


class Slow(Line):
    """Takes its time, so that an honest answer would come before its next command."""

    def say(self, text):
        time.sleep(0.1)
        super().say(text)


line = Slow()
line.reply()
if not any("STARTTLS" in word for word in line.ask(f"EHLO {HOST}", "250")):
    raise SystemExit("no STARTTLS")
line.ask("STARTTLS", "220")
line.start_tls()
line.log_in(line.ask(f"EHLO {HOST}", "2"))
line.send()
line.ask("QUIT", "221")
