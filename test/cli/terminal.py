"""Runs a program on a terminal of its own: waits for each question, types the answer, prints what was written to the screen.

Standard input: JSON, {"words": [...], "answers": [[question, answer], ...], "columns": 200}.
"""
import fcntl, json, os, pty, struct, sys, termios

plan = json.load(sys.stdin)
ready, go = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    # The program may start only once the terminal has its size.
    os.read(ready, 1)
    os.execve(plan["words"][0], plan["words"], dict({"TERM": "dumb"}, **os.environ))

fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, plan.get("columns", 200), 0, 0))
os.write(go, b"!")
screen, seen = "", 0
answers = list(plan["answers"])
while True:
    try:
        octets = os.read(terminal, 65536)
    except OSError:
        break
    if not octets:
        break
    screen += octets.decode("utf-8", "replace")
    while answers and answers[0][0] in screen[seen:]:
        question, answer = answers.pop(0)
        seen = screen.index(question, seen) + len(question)
        os.write(terminal, (answer + "\r").encode())
_, status = os.waitpid(pid, 0)
json.dump({"code": os.waitstatus_to_exitcode(status), "screen": screen, "unasked": answers}, sys.stdout)
