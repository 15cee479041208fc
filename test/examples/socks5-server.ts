/** A SOCKS5 proxy (RFC 1928), with only what the example needs: CONNECT without login, to a host name or an IPv4 address. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { listen, tie } from "@postseal/lab";

export interface Socks5Server {
  /** `host:port`. */
  readonly address: string;
  /** `host:port` of each target that was asked for. */
  readonly targets: readonly string[];
  /** All that clients have sent through it, as latin1. */
  heard(): string;
  [Symbol.asyncDispose](): Promise<void>;
}

const REFUSED = 5;
const IPV4 = 1;

export async function startSocks5(): Promise<Socks5Server> {
  const targets: string[] = [];
  let heard = "";
  const serve = async (client: Socket): Promise<void> => {
    await next(client);
    client.write(Uint8Array.of(5, 0));
    const request = await next(client);
    const isAddress = request[3] === IPV4;
    const end = isAddress ? 8 : 5 + (request[4] ?? 0);
    const host = isAddress ? request.subarray(4, end).join(".") : request.toString("latin1", 5, end);
    const port = request.readUInt16BE(end);
    targets.push(`${host}:${port}`);
    const server = connect({ host, port });
    tie(client, server);
    server.once("error", () => client.write(answer(REFUSED)));
    // The answer and the greeting in one segment: a client that reads past the answer loses the greeting's beginning.
    server.once("data", (greeting: Buffer) => {
      client.write(Buffer.concat([answer(0), greeting]));
      server.pipe(client);
      client.on("data", (chunk: Buffer) => {
        heard += chunk.toString("latin1");
        server.write(chunk);
      });
    });
  };
  const listener = await listen((client) => {
    serve(client).catch(() => client.destroy());
  });
  return {
    address: `127.0.0.1:${listener.port}`,
    targets,
    heard: () => heard,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

function answer(code: number): Uint8Array {
  return Uint8Array.of(5, code, 0, 1, 127, 0, 0, 1, 0, 0);
}

async function next(socket: Socket): Promise<Buffer> {
  const event: unknown[] = await once(socket, "data");
  return Buffer.isBuffer(event[0]) ? event[0] : Buffer.alloc(0);
}
