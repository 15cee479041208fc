/** `startTestServer`: a submission server on loopback that captures what an application sends it. */
import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { createSecureContext } from "node:tls";
import { Connection, createAuthority, listen, makePrivateFolder } from "@postseal/lab";
import { type Failure, Failures } from "./failure.ts";
import { Inbox } from "./inbox.ts";
import type { CapturedMessage } from "./message.ts";
import { type House, Session } from "./session.ts";

export interface TestServerOptions {
  /** How TLS begins. Default `starttls`. Without TLS the server takes nothing. */
  readonly transport?: "starttls" | "implicit" | undefined;
  /** Default `app`. */
  readonly username?: string | undefined;
  /** Default: a new one for each server. */
  readonly password?: string | undefined;
  /** The size of the longest message that the server takes, in octets. Default 10 MiB. */
  readonly sizeLimit?: number | undefined;
}

export interface TestServer {
  /** Includes user name and password: `createMailer(server.url, { tls: server.tls })`. */
  readonly url: string;
  /** Always `127.0.0.1`. The certificate is for `127.0.0.1` and for `localhost`. */
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** For `createMailer`: trusts the server's own authority, and no other. */
  readonly tls: { readonly ca: { readonly only: string } };
  /** The server's own authority, PEM. */
  readonly ca: string;
  /** The path of a file with the same, for clients that take one. It is removed with the server. */
  readonly caFile: string;
  /** The messages taken so far, in order. */
  readonly messages: readonly CapturedMessage[];
  /** Waits for the next message that it has not returned yet. Rejects after `timeout` milliseconds (default 5000) with what happened last. */
  nextMessage(options?: { readonly timeout?: number | undefined }): Promise<CapturedMessage>;
  /** Makes the next message, or the next login, fail. Several failures are used one after the other. */
  failNext(failure: Failure): void;
  /** Forgets the messages, and the failures that are still to come. */
  reset(): void;
  /** Ends the server and every open connection. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const DEFAULT_SIZE_LIMIT = 10 * 1024 * 1024;
/** Milliseconds. */
const LONGEST_WAIT = 5_000;
const HOST = "127.0.0.1";

/** Each server has an authority of its own, which no client trusts unless it is configured to. */
export async function startTestServer(given: TestServerOptions = {}): Promise<TestServer> {
  // Own properties only: an application that pollutes Object.prototype still gets the server that its test asked for.
  // defence: options-of-its-own
  const options = { __proto__: null, ...given };
  const { transport = "starttls", username = "app", sizeLimit = DEFAULT_SIZE_LIMIT } = options;
  // defence: password-of-its-own
  const password = options.password ?? randomBytes(12).toString("base64url");
  const authority = await createAuthority({ name: "Postseal test server" });
  const { chain, key } = await authority.issue({
    commonName: "localhost",
    names: [
      ["dns", "localhost"],
      ["ip", HOST],
    ],
  });
  const inbox = new Inbox();
  const failures = new Failures();
  const house: House = {
    account: { username, password },
    inbox,
    failures,
    secureContext: createSecureContext({ cert: chain, key }),
    implicit: transport === "implicit",
    sizeLimit,
  };
  const listener = await listen((socket) => {
    void new Session(new Connection(socket), house).run();
  });
  const { port } = listener;
  const folder = makePrivateFolder("testing");
  const caFile = path.join(folder, "ca.pem");
  await writeFile(caFile, authority.certificate);
  const end = async (): Promise<void> => {
    await listener[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  };
  let ending: Promise<void> | undefined;
  const close = (): Promise<void> => (ending ??= end());
  const scheme = transport === "implicit" ? "submissions" : "submission";
  return {
    url: `${scheme}://${encodeURIComponent(username)}:${encodeURIComponent(password)}@${HOST}:${port}`,
    host: HOST,
    port,
    username,
    password,
    tls: { ca: { only: authority.certificate } },
    ca: authority.certificate,
    caFile,
    messages: inbox.messages,
    nextMessage: (waiting) => inbox.next({ __proto__: null, ...waiting }.timeout ?? LONGEST_WAIT),
    failNext: (failure) => failures.add(failure),
    reset: () => {
      inbox.clear();
      failures.clear();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
