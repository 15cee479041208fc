/** An HTTP proxy, with only what the example needs: CONNECT to a host and a port. */
import { createServer } from "node:http";
import { once } from "node:events";
import { connect } from "node:net";
import type { Duplex } from "node:stream";

export interface HttpProxy {
  /** `host:port`. */
  readonly address: string;
  /** `host:port` of each target that was asked for. */
  readonly targets: readonly string[];
  /** All that clients have sent through it, as latin1. */
  heard(): string;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startHttpProxy(): Promise<HttpProxy> {
  const targets: string[] = [];
  const clients = new Set<Duplex>();
  let heard = "";
  const server = createServer();
  server.on("connect", ({ url = "" }, client) => {
    targets.push(url);
    clients.add(client);
    const { hostname, port } = new URL(`http://${url}`);
    const upstream = connect({ host: hostname, port: Number(port) });
    upstream.once("error", () => client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    client.on("error", () => upstream.destroy());
    client.on("close", () => upstream.destroy());
    // The answer and the greeting in one segment: a client that drops what follows the answer loses the greeting.
    upstream.once("data", (greeting: Buffer) => {
      client.write(Buffer.concat([Buffer.from("HTTP/1.1 200 Connection established\r\n\r\n"), greeting]));
      upstream.pipe(client);
      client.on("data", (chunk: Buffer) => {
        heard += chunk.toString("latin1");
        upstream.write(chunk);
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("a TCP server has a port");
  return {
    address: `127.0.0.1:${address.port}`,
    targets,
    heard: () => heard,
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) client.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
