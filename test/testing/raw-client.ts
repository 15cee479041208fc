/** A client that says to the test server what it is given, and hears the replies. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { TestServer } from "@postseal/testing";

export const EHLO = "EHLO client.example\r\n";

export const login = ({ username, password }: TestServer): string =>
  `AUTH PLAIN ${Buffer.from(`\0${username}\0${password}`).toString("base64")}\r\n`;

export function sealed(server: TestServer): TLSSocket {
  return connectTls({ host: server.host, port: server.port, ca: server.ca });
}

/** All that the server says until the connection ends. The client ends it with its last command. */
export async function exchange(socket: Socket, said: string): Promise<string> {
  let heard = "";
  socket.on("data", (chunk: Buffer) => {
    if (heard === "") socket.end(said);
    heard += chunk.toString("utf8");
  });
  await once(socket, "close");
  return heard;
}

export function codesOf(heard: string): readonly string[] {
  return heard
    .trimEnd()
    .split("\r\n")
    .filter((line) => line[3] !== "-")
    .map((line) => line.slice(0, 3));
}
