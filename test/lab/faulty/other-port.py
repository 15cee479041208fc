"""If the port that it was given offers no STARTTLS, tries port 25, and logs in there in the clear."""

from mail import HOST, Line

line = Line()
line.reply()
if any("STARTTLS" in word for word in line.ask(f"EHLO {HOST}", "250")):
    line.ask("STARTTLS", "220")
    line.start_tls()
else:
    line = Line(25)
    line.reply()
line.log_in(line.ask(f"EHLO {HOST}", "250"))
line.send()
line.ask("QUIT", "221")
