/** Runs one handshake of the mailer with a server that shows certificates, and returns the verdict. */
import { duplexPair } from "node:stream";
import { createSecureContext, TLSSocket } from "node:tls";
import { serve } from "@postseal/lab";
import { createMailer, MailError, TlsError } from "@postseal/mailer";
import type { Verdict } from "../difference.ts";

export interface Shown {
  /** PEM, in the order in which they are sent. */
  readonly certificates: readonly string[];
  readonly key: string;
  /** PEM: what the client trusts, and nothing else. */
  readonly trusted: readonly string[];
}

export interface Meeting {
  readonly verdict: Verdict;
  /** Why it was refused: the reason of the error, or its code. */
  readonly why: string;
  /** What the client said inside TLS. */
  readonly said: string;
}

export async function meet({ certificates, key, trusted }: Shown, host: string): Promise<Meeting> {
  const [client, wire] = duplexPair();
  client.once("close", () => wire.destroy());
  // The client is under test, so the server accepts any certificate of its own.
  const secureContext = createSecureContext({ cert: certificates.join(""), key, ciphers: "DEFAULT:@SECLEVEL=0" });
  const server = new TLSSocket(wire, { isServer: true, secureContext });
  let said = "";
  server.on("error", () => server.destroy());
  server.on("secure", () => void serve(server, {}));
  server.on("data", (chunk: Buffer) => {
    said += chunk.toString("latin1");
  });
  try {
    // A certificate that cannot be a trust anchor may be refused here already.
    const mailer = createMailer(
      { host, transport: "implicit" },
      { tls: { ca: { only: [...trusted] } }, connect: async () => client },
    );
    try {
      await mailer.verify();
      return { verdict: "accepted", why: "", said };
    } finally {
      await mailer.close();
    }
  } catch (error) {
    if (!(error instanceof MailError)) throw error;
    return { verdict: "refused", why: (error instanceof TlsError ? error.reason : undefined) ?? error.code, said };
  } finally {
    server.destroy();
  }
}
