"""What the faulty clients have in common: a connection with a buffer, and the steps of a session."""

import base64
import hashlib
import hmac
import re
import socket
import ssl
import sys

HOST, PORT, CA, USERNAME, PASSWORD, SENDER, RECIPIENT, MESSAGE = sys.argv[1:9]
PORT = int(PORT)


class Line:
    """A connection that is read line by line. The buffer stays when TLS begins, unless it is emptied."""

    def __init__(self, port=PORT):
        self.socket = socket.create_connection((HOST, port), timeout=8)
        # Otherwise what it says last may wait for an acknowledgement, and never leave.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def context(self):
        return ssl.create_default_context(cafile=CA)

    def start_tls(self):
        self.socket = self.context().wrap_socket(self.socket, server_hostname=HOST)

    def reply(self):
        lines = []
        while True:
            while b"\n" not in self.buffer:
                octets = self.socket.recv(4096)
                if not octets:
                    raise EOFError
                self.buffer += octets
            line, self.buffer = self.buffer.split(b"\n", 1)
            lines.append(line.rstrip(b"\r").decode("latin-1"))
            if lines[-1][3:4] != "-":
                return lines

    def say(self, text):
        self.socket.sendall(text.encode("latin-1") + b"\r\n")

    def ask(self, text, code):
        self.say(text)
        lines = self.reply()
        if not lines[-1].startswith(code):
            raise ValueError(lines)
        return lines

    def log_in(self, offer):
        mechanisms = " ".join(line[4:] for line in offer if re.match("AUTH", line[4:], re.I)).upper().split()
        if "CRAM-MD5" in mechanisms:
            challenge = base64.b64decode(self.ask("AUTH CRAM-MD5", "334")[-1][4:])
            digest = hmac.new(PASSWORD.encode(), challenge, hashlib.md5).hexdigest()
            self.ask(encoded(f"{USERNAME} {digest}"), "2")
        else:
            self.ask("AUTH PLAIN " + encoded(f"\0{USERNAME}\0{PASSWORD}"), "2")

    def send(self):
        self.ask(f"MAIL FROM:<{SENDER}>", "250")
        self.ask(f"RCPT TO:<{RECIPIENT}>", "25")
        self.ask("DATA", "354")
        with open(MESSAGE, encoding="latin-1") as file:
            body = file.read().replace("\r\n", "\n").replace("\n", "\r\n")
        self.ask(body + ".", "250")


def encoded(text):
    return base64.b64encode(text.encode("latin-1")).decode()
