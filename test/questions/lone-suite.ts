/** A submission server that speaks one cipher suite and nothing else, TLS from the first octet. */
import { once } from "node:events";
import { createServer, type SecureContextOptions, type TLSSocket } from "node:tls";
import { type Issued } from "@postseal/lab";

export interface LoneSuite {
  readonly port: number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** OpenSSL still has many of these suites only at security level 0, where nothing is refused. */
export function only(suite: string): SecureContextOptions {
  return suite.startsWith("TLS_")
    ? { minVersion: "TLSv1.3", ciphers: suite }
    : { maxVersion: "TLSv1.2", ciphers: `${suite}:@SECLEVEL=0` };
}

/** `suite`: by OpenSSL's name. */
export async function serveOnly(suite: string, { chain, key }: Issued): Promise<LoneSuite> {
  const sockets: Set<TLSSocket> = new Set();
  const server = createServer({ ...only(suite), cert: chain, key, dhparam: "auto" }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => socket.write(text.startsWith("QUIT") ? "221 bye\r\n" : "250 here\r\n"));
    socket.write("220 here\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("a TCP server has a port");
  return {
    port: address.port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
