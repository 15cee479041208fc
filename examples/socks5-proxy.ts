/**
 * Sends through a SOCKS5 proxy (RFC 1928, no login), by the `connect` option:
 *
 *   node examples/socks5-proxy.ts 127.0.0.1:1080 submission://mail.example.com alice password.txt \
 *     alice@example.com bob@example.org
 *
 * The proxy sees the host name, the port and TLS records. TLS is between this program and the mail server, and is
 * verified as without a proxy: the proxy has to be trusted with nothing else.
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { type ConnectHook, createMailer } from "@postseal/mailer";

const [proxy = "", server = "", username = "", passwordFile = "", from = "", to = ""] = process.argv.slice(2);

const mailer = createMailer(server, {
  credentials: async () => ({ username, password: (await readFile(passwordFile, "utf8")).trimEnd() }),
  connect: throughSocks5(new URL(`socks5://${proxy}`)),
});
try {
  const receipt = await mailer.send({ from, to, subject: "Hello", text: "It came through a proxy." });
  process.stdout.write(`${receipt.recipients.map(({ outcome }) => outcome).join(", ")}\n`);
} finally {
  await mailer.close();
}

/** The proxy resolves the host name, so that no name server near us learns it. */
function throughSocks5({ hostname, port }: URL): ConnectHook {
  return async (target, signal) => {
    const socket = connect({ host: hostname, port: Number(port || 1080), noDelay: true, signal });
    try {
      await once(socket, "connect", { signal });
      // Version 5, one method: no login.
      socket.write(Uint8Array.of(5, 1, 0));
      const [, method] = await read(socket, 2, signal);
      if (method !== 0) throw new Error("the SOCKS5 proxy wants a login");
      // CONNECT to a host name; an IP address in text does as well.
      const name = Buffer.from(target.host);
      socket.write(Buffer.concat([Uint8Array.of(5, 1, 0, 3, name.length), name, portOctets(target.port)]));
      const [, code, , kind] = await read(socket, 4, signal);
      if (code !== 0) throw new Error(`the SOCKS5 proxy did not connect (reply ${code})`);
      // The proxy's own address, which nobody needs: but what follows it is the mail server's.
      const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await read(socket, 1, signal))[0] ?? 0);
      await read(socket, length + 2, signal);
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };
}

/** Exactly so many octets: one more would be missing from the greeting. */
async function read(socket: Socket, length: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  for (;;) {
    const octets: unknown = socket.read(length);
    if (octets instanceof Uint8Array && octets.length === length) return octets;
    if (socket.readableEnded || socket.destroyed) throw new Error("the SOCKS5 proxy closed the connection");
    await Promise.race([once(socket, "readable", { signal }), once(socket, "close", { signal })]);
  }
}

function portOctets(port: number): Uint8Array {
  return Uint8Array.of(port >> 8, port & 0xff);
}
