/** Sits on the path between client and server: records every octet, and on request removes STARTTLS from the EHLO reply. */
import { once } from "node:events";
import { connect, createServer } from "node:net";

export interface Octets {
  readonly by: "client" | "server";
  readonly octets: Buffer;
}

export interface Eavesdropper {
  /** The port at 127.0.0.1. */
  readonly port: number;
  /** All octets in the order in which they passed, as the client got them and not as the server sent them. */
  readonly seen: readonly Octets[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function eavesdrop(serverPort: number, attack: "listen" | "strip"): Promise<Eavesdropper> {
  const seen: Octets[] = [];
  const listener = createServer((client) => {
    const server = connect({ port: serverPort, host: "127.0.0.1", noDelay: true });
    client.setNoDelay(true);
    client.on("data", (octets: Buffer) => {
      seen.push({ by: "client", octets });
      server.write(octets);
    });
    server.on("data", (octets: Buffer) => {
      const passed = attack === "strip" ? withoutStartTls(octets) : octets;
      seen.push({ by: "server", octets: passed });
      client.write(passed);
    });
    for (const [one, other] of [[client, server] as const, [server, client] as const]) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new TypeError("a TCP server has a port");
  return {
    port: address.port,
    seen,
    [Symbol.asyncDispose]: async () => {
      listener.close();
      await once(listener, "close");
    },
  };
}

/** The attack known as STRIPTLS: without this line many clients go on in the clear. */
function withoutStartTls(reply: Buffer): Buffer {
  const lines = reply.toString("latin1").split("\r\n");
  const kept = lines.filter((line) => !/^250[- ]STARTTLS$/i.test(line));
  if (kept.length === lines.length) return reply;
  const last = kept.length - 2;
  return Buffer.from(kept.with(last, (kept[last] ?? "").replace(/^250-/, "250 ")).join("\r\n"), "latin1");
}
