/**
 * An attacker in the middle with a certificate that the client trusts: ends the client's TLS, and opens another to the
 * server. Only channel binding detects it (RFC 9266).
 */
import { readFile } from "node:fs/promises";
import { connect as connectTcp, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { connect as connectTls, createSecureContext, TLSSocket, type SecureContext } from "node:tls";
import type { Authority } from "./pki.ts";
import { host, listen, portOf } from "./port.ts";
import { serverName } from "./server.ts";

export interface Middle extends AsyncDisposable {
  readonly port: number;
}

/** Relays to the STARTTLS port of a server. */
export async function startMiddle(serverPort: number, authority: Authority): Promise<Middle> {
  const context = createSecureContext({
    cert: await readFile(authority.ecdsa.certificateFile),
    key: await readFile(authority.ecdsa.keyFile),
    ca: await readFile(authority.caFile),
  });
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connectTcp(serverPort, host);
    for (const socket of [client, upstream]) sockets.add(socket.on("error", () => {}));
    relay(client, upstream, context);
  });
  await listen(server);
  return {
    port: portOf(server),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function relay(client: Socket, upstream: Socket, context: SecureContext): void {
  let isGreeted = false;
  client.on("data", (bytes) => upstream.write(bytes));
  upstream.on("data", (bytes) => {
    client.write(bytes);
    if (!bytes.toString("latin1").startsWith("220 ")) return;
    // The first 220 is the greeting, the second one starts TLS.
    const startsTls = isGreeted;
    isGreeted = true;
    if (!startsTls) return;
    for (const socket of [client, upstream]) socket.removeAllListeners("data");
    const outer = new TLSSocket(client, { isServer: true, secureContext: context });
    const inner = connectTls({ socket: upstream, servername: serverName, secureContext: context });
    // Either end may close in any way.
    void pipeline(outer, inner, outer).catch(() => {});
  });
}
