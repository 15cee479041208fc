/**
 * The network between the mailer and a real server, in a process of its own, so that it goes on while the mailer's process is
 * busy. It carries out orders and reports when each is done. (Not a worker thread: Node 24 may never end one whose connections
 * were reset.)
 */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { WeatherOrder } from "./weather.ts";

const HOST = "127.0.0.1";

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

const pairs = new Set<Pair>();
const target = Number(process.argv[2]);

function carry(client: Socket): void {
  const server = connect(target, HOST);
  const pair = { client, server };
  pairs.add(pair);
  for (const [one, other] of [
    [client, server],
    [server, client],
  ] as const) {
    one.setNoDelay(true);
    one.on("error", () => other.resetAndDestroy());
    one.on("close", () => {
      other.destroy();
      pairs.delete(pair);
    });
    one.pipe(other);
  }
}

async function open(port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, carry);
  await once(server.listen(port, HOST), "listening");
  return server;
}

function reset(some: Iterable<Pair>): void {
  for (const { client, server } of some) {
    client.resetAndDestroy();
    server.resetAndDestroy();
  }
}

/** Keeps the connections, but passes nothing on for a time. */
async function hold(milliseconds: number): Promise<void> {
  const held = [...pairs];
  for (const { client, server } of held) {
    client.unpipe(server).pause();
    server.unpipe(client).pause();
  }
  await sleep(milliseconds);
  for (const { client, server } of held) {
    if (client.destroyed || server.destroyed) continue;
    client.pipe(server);
    server.pipe(client);
  }
}

/** Loses everything that is said, both ways, for a time. */
async function swallow(milliseconds: number): Promise<void> {
  const lost = [...pairs];
  for (const { client, server } of lost) {
    client.unpipe(server).on("data", () => {});
    server.unpipe(client).on("data", () => {});
  }
  await sleep(milliseconds);
  reset(lost);
}

async function obey({ what, milliseconds }: WeatherOrder): Promise<void> {
  switch (what) {
    case "reset all":
      return reset([...pairs]);
    case "reset one":
      return reset([...pairs].slice(0, 1));
    case "nobody there": {
      const { port } = address(listener);
      listener.close();
      reset([...pairs]);
      await sleep(milliseconds);
      listener = await open(port);
      return;
    }
    case "nothing moves":
      return hold(milliseconds);
    case "all is lost":
      return swallow(milliseconds);
    case "server's side ends":
      for (const { client } of pairs) client.end();
      return;
    case "client's side ends":
      for (const { server } of pairs) server.end();
      return;
    default:
      return what satisfies never;
  }
}

function address(server: Server): { readonly port: number } {
  const found = server.address();
  if (found === null || typeof found === "string") throw new TypeError("it does not listen");
  return found;
}

let listener = await open(0);
process.on("message", (order: WeatherOrder) => {
  void obey(order).then(() => process.send?.("done"));
});
process.once("disconnect", () => process.exit());
process.send?.(address(listener).port);
