"""After a certificate that it does not like, goes on in the clear on the same connection: in the same write as its alert."""

import ssl
from mail import HOST, USERNAME, PASSWORD, Line, encoded

line = Line()
line.reply()
line.ask(f"EHLO {HOST}", "250")
line.ask("STARTTLS", "220")
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
tls = line.context().wrap_bio(incoming, outgoing, server_hostname=HOST)
while True:
    try:
        tls.do_handshake()
        break
    except ssl.SSLWantReadError:
        line.socket.sendall(outgoing.read())
        incoming.write(line.socket.recv(65536))
    except ssl.SSLError:
        login = "AUTH PLAIN " + encoded(f"\0{USERNAME}\0{PASSWORD}") + "\r\n"
        line.socket.sendall(outgoing.read() + login.encode())
        line.reply()
        raise SystemExit("not sent")


class Sealed:
    """The socket, when the handshake was done by hand."""

    def sendall(self, octets):
        tls.write(octets)
        line.raw.sendall(outgoing.read())

    def recv(self, size):
        while True:
            try:
                return tls.read(size)
            except ssl.SSLWantReadError:
                octets = line.raw.recv(65536)
                if not octets:
                    return b""
                incoming.write(octets)


line.raw = line.socket
line.raw.sendall(outgoing.read())
line.socket = Sealed()
line.log_in(line.ask(f"EHLO {HOST}", "250"))
line.send()
line.ask("QUIT", "221")
