/** An HTTPS server on loopback, with a certificate of the lab's authority, that counts what reaches it. */
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { IncomingMessage, RequestListener } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { Authority, CertificateKind } from "@postseal/lab";
import { HOST, issueCertificate } from "@postseal/lab";
import type { HttpsOptions } from "@postseal/oauth";

export interface HttpsServer extends AsyncDisposable {
  readonly port: number;
  /** `https://smtp.example.test:PORT`: the name of the lab's certificates. */
  readonly origin: string;
  /** The requests whose header arrived whole, such as `POST /token`. */
  readonly requests: string[];
  /** Trusts the authority alone, and finds the host on loopback. */
  readonly https: HttpsOptions;
}

export async function startHttpsServer(
  authority: Authority,
  answer: RequestListener,
  certificate: CertificateKind = "good",
): Promise<HttpsServer> {
  const { chain, key } = await issueCertificate(certificate, authority);
  const requests: string[] = [];
  const server = createServer({ cert: chain, key, ciphers: "DEFAULT:@SECLEVEL=0" }, (request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    answer(request, response);
  });
  // A client that ends its handshake is what many tests are about.
  server.on("tlsClientError", () => {});
  const port = await listenOnLoopback(server);
  return {
    port,
    origin: `https://${HOST}:${port}`,
    requests,
    https: {
      tls: { ca: { only: authority.certificate } },
      connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The text of a request's body. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function listenOnLoopback(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return address.port;
}
