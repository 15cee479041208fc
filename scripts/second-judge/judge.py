"""A second judge of the lab, which shares no code with it.

    npm run judge -- postseal lab matrix --client swaks

It runs the lab, and captures with tcpdump, from outside, what crosses the loopback device of each worker's network. From the captures it
finds by itself whose words were read in the clear, and compares that with what the lab reports. What was said inside TLS cannot be read
from a capture, so there it judges the report's record of the conversation, by rules of its own. It prints each difference, and fails
if there is one. It needs root, tcpdump and nsenter. Each trial has canaries of its own, which the report names.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import time

PORTS = {25, 465, 587, 2525}


def main():
    words = sys.argv[sys.argv.index("--") + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        lab = subprocess.Popen(words + ["--format", "json", "--out", report], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        captures = capture(lab, folder)
        with open(report, encoding="ascii") as file:
            runs = [(client, run) for client in json.load(file)["clients"] for run in client["runs"]]
        said = [stream for name in captures for stream in streams_in(name)]
    differences, unseen, leaks = [], 0, 0
    heard = Heard(client for client, _ in said)
    logins = [(challenge, Heard([client])) for client, server in said for challenge in challenges_in(server)]
    for client, run in runs:
        name = f"{client['id']} {client['configuration']} {run['vector']}".replace("  ", " ")
        clear = clear_leaks(heard, logins, run["canaries"])
        leaks += len(clear)
        reported = {kind for kind, where in findings_of(run) if where == "clear"}
        if clear != reported:
            differences.append(f"{name}: in the capture {sorted(clear)}, in the report {sorted(reported)}")
        if run["connections"] and not seen(heard, run):
            unseen += 1
        differences += [f"{name}: {text}" for text in inside(run)]
    print(f"{len(runs)} runs, {len(said)} connections captured, {leaks} leaks in the clear, {unseen} runs whose connections were not captured, {len(differences)} differences")
    for difference in differences:
        print(difference)
    sys.exit(1 if differences or unseen or not runs else 0)


def capture(lab, folder):
    """Captures every network that comes into being while the lab runs."""
    own = os.readlink("/proc/self/ns/net")
    seen, dumps = set(), {}
    while lab.poll() is None:
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                network = os.readlink(f"/proc/{pid}/ns/net")
            except OSError:
                continue
            dump = dumps.get(network)
            if network == own or (dump is not None and dump.poll() is None) or not descends(pid, lab.pid):
                continue
            name = os.path.join(folder, f"{len(seen)}.pcap")
            seen.add(name)
            # Fails while the device is down: then it is started again.
            dumps[network] = subprocess.Popen(
                ["nsenter", "-t", pid, "-n", "tcpdump", "-i", "lo", "-U", "--immediate-mode", "-B", "16384", "-s", "0", "-w", name, "tcp"],
                stderr=subprocess.DEVNULL,
            )
        time.sleep(0.01)
    time.sleep(1)
    for dump in dumps.values():
        dump.terminate()
        dump.wait()
    return [name for name in seen if os.path.exists(name)]


def descends(pid, ancestor):
    """Whether a process comes from this one: other labs may run on the machine."""
    while int(pid) > 1:
        if int(pid) == ancestor:
            return True
        try:
            with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
                pid = file.read().rsplit(")", 1)[1].split()[1]
        except OSError:
            return False
    return False


def streams_in(name):
    """What each side of each connection to a mail port said: (from the client, from the server)."""
    with open(name, "rb") as file:
        data = file.read()
    if len(data) < 24:
        return []
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    link = struct.unpack(order + "I", data[20:24])[0]
    at, parts, current = 24, {}, {}
    while at + 16 <= len(data):
        size = struct.unpack(order + "I", data[at + 8 : at + 12])[0]
        frame = data[at + 16 : at + 16 + size]
        at += 16 + size
        packet = frame[14:] if link == 1 else frame
        if len(packet) < 40 or packet[0] >> 4 != 4 or packet[9] != 6:
            continue
        header = (packet[0] & 15) * 4
        length = struct.unpack("!H", packet[2:4])[0]
        source, target, number = struct.unpack("!HHI", packet[header : header + 8])
        body = packet[header + (packet[header + 12] >> 4) * 4 : length]
        flags = packet[header + 13]
        if target in PORTS:
            key, side = (packet[12:16], source, packet[16:20], target), 0
        elif source in PORTS:
            key, side = (packet[16:20], target, packet[12:16], source), 1
        else:
            continue
        if flags & 2 and side == 0:
            current[key] = current.get(key, -1) + 1
        turn = (key, current.get(key, 0))
        pieces = parts.setdefault(turn, ({}, {}))[side]
        if len(body) > len(pieces.get(number, b"")):
            pieces[number] = body
    return [tuple(joined(side) for side in sides) for sides in parts.values()]


def joined(pieces):
    """The octets by their sequence numbers, each once."""
    result, end = bytearray(), None
    for number in sorted(pieces):
        body = pieces[number]
        skip = 0 if end is None else max(0, end - number)
        result += body[skip:]
        end = max(end or 0, number + len(body))
    return bytes(result)


KINDS = {"username": "credentials", "password": "credentials", "body": "message", "sender": "envelope", "recipient": "envelope"}


class Heard:
    """What clients said, as one text, so that a word is looked for in all of it at once."""

    def __init__(self, streams):
        streams = list(streams)
        # No word has a NUL, so that none is found across the end of a stream.
        self.plain = b"\0".join(streams)
        self.unfolded = b"\0".join(stream.replace(b"=\r\n", b"") for stream in streams if b"=\r\n" in stream)
        self.together = b"\0".join(re.sub(rb"\r?\n", b"", stream) for stream in streams)

    def has(self, word):
        """As it is, in quoted-printable, or in base64 whatever comes before it and wherever lines end."""
        octets = word.encode("latin-1")
        return octets in self.plain or octets in self.unfolded or any(form in self.together for form in base64_forms(octets))


def base64_forms(octets):
    """The characters that hold bits of the word alone, for each number of octets before it."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + octets)
        yield encoded[(before * 4 + 2) // 3 : (len(octets) + before) * 4 // 3]


def clear_leaks(heard, logins, canaries):
    """What of a trial's own words was readable on the network, from a client to a server."""
    found = {word for word in KINDS if heard.has(canaries[word])}
    # The password can be guessed from a digest of it.
    if any(client.has(digest(challenge, canaries["password"])) for challenge, client in logins):
        found.add("CRAM-MD5 digest of the password")
    return found


def challenges_in(server):
    """RFC 4954 section 4: at most 12,288 octets."""
    return re.findall(rb"^334 (\S{1,12288})\r?$", server, re.M)


def digest(challenge, password):
    """RFC 2195."""
    return hmac.new(password.encode(), decoded(challenge), hashlib.md5).hexdigest()


def decoded(text):
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4))
    except ValueError:
        return b""


def findings_of(run):
    """(what leaked, where) of each finding, as the lab words them."""
    for finding in run["findings"]:
        match = re.search(r": (password|username|body|sender|recipient|CRAM-MD5 digest of the password|SCRAM proof of the password) in (.*)$", finding["evidence"])
        if match:
            yield match[1], "clear" if match[2].startswith("the clear") else "tls"


def seen(heard, run):
    """Whether what the client said first, in the clear, is in a capture; a connection that begins with TLS has no such words."""
    for connection in run["connections"]:
        words = [entry["text"] for entry in connection["entries"] if entry["by"] == "client" and entry["channel"] == "clear"]
        if words and words[0].encode("latin-1") not in heard.plain:
            return False
    return True


def inside(run):
    """Differences between the findings about what was said inside TLS and the record of it, where nothing was cut off."""
    if any(connection["omitted"] for connection in run["connections"]):
        return
    reported = {kind for kind, where in findings_of(run) if where == "tls"}
    sealed = any("accepted inside TLS" in finding["evidence"] for finding in run["findings"])
    words = "".join(
        entry["text"] for connection in run["connections"] for entry in connection["entries"] if entry["by"] == "client" and entry["channel"] == "tls"
    ).encode("latin-1")
    answers = "".join(
        entry["text"] for connection in run["connections"] for entry in connection["entries"] if entry["by"] == "server" and entry["channel"] == "tls"
    ).encode("latin-1")
    heard = Heard([words])
    held = {word for word in KINDS if heard.has(run["canaries"][word])}
    for word in reported & set(KINDS) - held:
        yield f"the report has a leak of the {word} inside TLS, but the record has no such word"
    if reported and not held <= reported | {"username"}:
        yield f"inside a TLS that proved nothing the record has {sorted(held)}, the report {sorted(reported)}"
    if sealed and b"250" not in answers:
        yield "a message was accepted inside TLS without a 250"
    if run["outcome"] in ("held", "delivered-sealed") and reported:
        yield f"the outcome is {run['outcome']}, with leaks inside TLS"


main()
