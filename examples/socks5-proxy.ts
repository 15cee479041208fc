/**
 * Sends through a SOCKS5 proxy (RFC 1928), by the `connect` option and the package `socks`:
 *
 *   npm install socks
 *   node examples/socks5-proxy.ts 127.0.0.1:1080 submission://mail.example.com alice password.txt \
 *     alice@example.com bob@example.org
 *
 * The proxy sees the host name, the port and TLS records. TLS is between this program and the mail server, and is
 * verified as without a proxy: the proxy has to be trusted with nothing else.
 */
import { readFile } from "node:fs/promises";
import { type ConnectHook, createMailer } from "@postseal/mailer";
import { SocksClient } from "socks";

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
  return async (destination, signal) => {
    const { socket } = await SocksClient.createConnection({
      proxy: { host: hostname, port: Number(port || 1080), type: 5 },
      command: "connect",
      destination,
      set_tcp_nodelay: true,
    });
    // The package knows no signal: what comes too late is closed.
    if (signal?.aborted === true) socket.destroy();
    return socket;
  };
}
