"""Runs a program on a terminal of its own: what is written to standard input is typed, what the screen shows goes to standard output.

The words of the program are the arguments. Its exit status is this program's.
"""
import fcntl, os, pty, select, struct, sys, termios

ready, go = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    # The program may start only once the terminal has its size.
    os.read(ready, 1)
    os.execve(sys.argv[1], sys.argv[1:], dict({"TERM": "dumb"}, **os.environ))

fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 1000, 0, 0))
os.write(go, b"!")
sources = [terminal, 0]
while terminal in sources:
    for source in select.select(sources, [], [])[0]:
        try:
            octets = os.read(source, 65536)
        except OSError:
            octets = b""
        if not octets:
            sources.remove(source)
        elif source == terminal:
            os.write(1, octets)
        else:
            os.write(terminal, octets)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
