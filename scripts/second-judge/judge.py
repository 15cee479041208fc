"""A second judge of the lab, which shares no code with it.

    python3 scripts/second-judge/judge.py -- postseal lab matrix --client swaks

It runs the lab, and captures with tcpdump, from outside, what crosses the loopback device of each worker's network. From the captures it
finds by itself whose words were read in the clear, and compares that with what the lab reports. What was said inside TLS cannot be read
from a capture, so there it judges the report's record of the conversation, by rules of its own. It prints each difference, and fails
if there is one. It needs root, tcpdump and nsenter. Each trial has canaries of its own, which the report names.
"""

import base64
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
    for client, run in runs:
        name = f"{client['id']} {client['configuration']} {run['vector']}".replace("  ", " ")
        clear = clear_leaks(said, run["canaries"])
        leaks += len(clear)
        reported = {kind for kind, where in findings_of(run) if where == "clear"}
        if clear != reported:
            differences.append(f"{name}: in the capture {sorted(clear)}, in the report {sorted(reported)}")
        if run["connections"] and not seen(said, run):
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
    result, end = b"", None
    for number in sorted(pieces):
        body = pieces[number]
        skip = 0 if end is None else max(0, end - number)
        result += body[skip:]
        end = max(end or 0, number + len(body))
    return result


KINDS = {"username": "credentials", "password": "credentials", "body": "message", "sender": "envelope", "recipient": "envelope"}


def clear_leaks(said, canaries):
    """What of a trial's own words was readable on the network, from a client to a server."""
    found = set()
    for client, server in said:
        for word, kind in KINDS.items():
            if readable(canaries[word], client):
                found.add(word)
        found |= digests(client, server, canaries)
    return found


def readable(word, octets):
    plain = word.encode("latin-1")
    if plain in octets or plain in octets.replace(b"=\r\n", b""):
        return True
    together = re.sub(rb"\r?\n", b"", octets)
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + plain)
        inner = encoded[(before * 4 + 2) // 3 : (len(plain) + before) * 4 // 3]
        if inner in octets or inner in together:
            return True
    return False


def digests(client, server, canaries):
    """A CRAM-MD5 digest of the password, or a SCRAM message with a proof: the password can be guessed from either."""
    import hashlib
    import hmac

    found = set()
    for challenge in re.findall(rb"^334 (\S+)", server, re.M):
        digest = hmac.new(canaries["password"].encode(), decoded(challenge), hashlib.md5).hexdigest()
        if readable(digest, client):
            found.add("CRAM-MD5 digest of the password")
    return found


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


def seen(said, run):
    """Whether what the client said first, in the clear, is in a capture; a connection that begins with TLS has no such words."""
    for connection in run["connections"]:
        words = [entry["text"] for entry in connection["entries"] if entry["by"] == "client" and entry["channel"] == "clear"]
        if words and not any(words[0].encode("latin-1") in client for client, _ in said):
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
    held = {word for word in KINDS if readable(run["canaries"][word], words)}
    for word in reported & set(KINDS) - held:
        yield f"the report has a leak of the {word} inside TLS, but the record has no such word"
    if reported and not held <= reported | {"username"}:
        yield f"inside a TLS that proved nothing the record has {sorted(held)}, the report {sorted(reported)}"
    if sealed and b"250" not in answers:
        yield "a message was accepted inside TLS without a 250"
    if run["outcome"] in ("held", "delivered-sealed") and reported:
        yield f"the outcome is {run['outcome']}, with leaks inside TLS"


main()
