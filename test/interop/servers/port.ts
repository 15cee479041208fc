/** Finds free TCP ports on loopback, and whether a port answers. */
import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";

export const host = "127.0.0.1";

/** As many free ports as are asked for. They are different, because all are held before any is released. */
export async function freePorts<const Names extends readonly string[]>(
  ...names: Names
): Promise<Readonly<Record<Names[number], number>>>;
export async function freePorts(...names: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const held = await Promise.all(names.map(() => listen(createServer())));
  const ports = held.map(portOf);
  for (const server of held) server.close();
  return Object.fromEntries(names.map((name, index) => [name, ports[index] ?? 0]));
}

export async function listen(server: Server): Promise<Server> {
  await once(server.listen(0, host), "listening");
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
