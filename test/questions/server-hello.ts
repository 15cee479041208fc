/** A server that answers any ClientHello with a handwritten ServerHello, to choose what no TLS engine here would. */
import { randomBytes } from "node:crypto";
import { listen, type Listener } from "@postseal/lab";

/** The server chooses TLS 1.2 and the suite with this code, then ends the connection. */
export function chooseSuite(code: number): Promise<Listener> {
  return listen((socket) => {
    socket.once("data", () => socket.end(serverHello(code)));
  });
}

/** RFC 5246 section 7.4.1.3, in one record (section 6.2.1). */
function serverHello(code: number): Buffer {
  const version = [3, 3];
  // An empty renegotiation_info (RFC 5746), which OpenSSL requires of every TLS 1.2 server.
  const extensions = [0xff, 0x01, 0, 1, 0];
  const sessionId = [0];
  const compression = [0];
  const body = Buffer.from([
    ...version,
    ...randomBytes(32),
    ...sessionId,
    ...uint16(code),
    ...compression,
    ...uint16(extensions.length),
    ...extensions,
  ]);
  const message = [2, 0, ...uint16(body.length), ...body];
  return Buffer.from([22, ...version, ...uint16(message.length), ...message]);
}

function uint16(value: number): readonly number[] {
  return [value >> 8, value & 0xff];
}
