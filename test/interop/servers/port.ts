/** Finds free TCP ports on loopback, and whether a port answers. */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";

export const host = "127.0.0.1";
const [LOWEST, HIGHEST] = [10_240, 32_000];

/** As many free ports as are asked for. They are different, because all are held before any is released. */
export async function freePorts<const Names extends readonly string[]>(
  ...names: Names
): Promise<Readonly<Record<Names[number], number>>>;
export async function freePorts(...names: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const held = await Promise.all(names.map(() => listenAnywhere()));
  const ports = held.map(portOf);
  for (const server of held) server.close();
  return Object.fromEntries(names.map((name, index) => [name, ports[index] ?? 0]));
}

/**
 * Below the ports that the system gives to connections: between our release of one of those and the start of a real server
 * another process could get it.
 */
async function listenAnywhere(): Promise<Server> {
  for (;;) {
    const server = createServer();
    try {
      return await listen(server, randomInt(LOWEST, HIGHEST));
    } catch (error) {
      if (Reflect.get(Object(error), "code") !== "EADDRINUSE") throw error;
    }
  }
}

export async function listen(server: Server, port = 0): Promise<Server> {
  await once(server.listen(port, host), "listening");
  return server;
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen on a TCP port");
  return address.port;
}

/** Whether a port of loopback, or a UNIX socket, accepts connections. */
export function isOpen(where: number | string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = typeof where === "string" ? connect(where) : connect(where, host);
    const settle = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => settle(true)).once("error", () => settle(false));
  });
}
