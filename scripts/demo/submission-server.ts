/** A real submission server (npm smtp-server) at 127.0.0.1: no mail without STARTTLS, and none without a login. */
import { once } from "node:events";
import { SMTPServer } from "smtp-server";
import type { Issued } from "@postseal/lab";

export interface SubmissionServer {
  readonly port: number;
  readonly delivered: readonly Delivered[];
  [Symbol.asyncDispose](): Promise<void>;
}

interface Delivered {
  readonly recipients: readonly string[];
  readonly message: string;
}

export async function startSubmissionServer(
  issued: Issued,
  account: { readonly username: string; readonly password: string },
): Promise<SubmissionServer> {
  const delivered: Delivered[] = [];
  const server = new SMTPServer({
    name: "smtp.example.test",
    banner: "ready",
    key: issued.key,
    cert: issued.chain,
    authMethods: ["PLAIN"],
    disableReverseLookup: true,
    onAuth: ({ username, password }, _session, done) => {
      const isRight = username === account.username && password === account.password;
      done(
        isRight ? null : new Error("Invalid user name or password"),
        isRight ? { user: account.username } : undefined,
      );
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const recipients = envelope.rcptTo.map(({ address }) => address);
        delivered.push({ recipients, message: Buffer.concat(chunks).toString("latin1") });
        done();
      });
    },
  });
  // Connections that the eavesdropper breaks off are part of the demo.
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const address = server.server.address();
  if (address === null || typeof address === "string") throw new TypeError("a TCP server has a port");
  return {
    port: address.port,
    delivered,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
