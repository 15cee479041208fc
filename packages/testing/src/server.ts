/** `startTestServer`: a submission server on loopback that captures what an application sends it. */
import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import path from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import { Connection, createAuthority, listen, makePrivateFolder } from "@postseal/lab";
import { type Failure, Failures, neverHappened } from "./failure.ts";
import { Inbox } from "./inbox.ts";
import type { ArrivingMessage, CapturedMessage } from "./message.ts";
import { demand, isTime, readOptions, TIME } from "./options.ts";
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
  /**
   * Reads each message while it arrives, so that one of any size takes little memory. The server accepts the message when this
   * resolves. Such messages are neither in `messages` nor returned by `nextMessage`. If it fails, the test fails as `close` says.
   */
  readonly receive?: ((message: ArrivingMessage) => Promise<void> | void) | undefined;
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
  /** The messages taken so far, in order: a new copy each time. */
  readonly messages: readonly CapturedMessage[];
  /** Waits for the next message that it has not returned yet. Rejects after `timeout` milliseconds (default 5000; `Infinity`: never), and when the server is closed, with what happened last. */
  nextMessage(options?: { readonly timeout?: number | undefined }): Promise<CapturedMessage>;
  /** Makes the next message, or the next login, fail. Several failures are used one after the other. Throws `TypeError` for a failure that it does not understand. */
  failNext(failure: Failure): void;
  /** Forgets the messages, and the failures that are still to come. Then throws if there is a mistake in the test: see `close`. */
  reset(): void;
  /**
   * Ends the server and every open connection. Then rejects if there is a mistake in the test: a failure that was asked for did not
   * happen, such as one for a recipient whom the next message did not have, or `receive` failed.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const DEFAULT_SIZE_LIMIT = 10 * 1024 * 1024;
/** Milliseconds. */
const PATIENCE = 5_000;
const HOST = "127.0.0.1";

/** Resolves once the server listens. Rejects with `TypeError` for an option that it does not understand. */
export async function startTestServer(given: TestServerOptions = {}): Promise<TestServer> {
  const options = optionsOf(given);
  const { transport = "starttls", username = "app", sizeLimit = DEFAULT_SIZE_LIMIT, receive } = options;
  // defence: password-of-its-own
  const password = options.password ?? randomBytes(12).toString("base64url");
  const { certificate, secureContext } = await makeIdentity();
  const inbox = new Inbox();
  const failures = new Failures();
  const house: House = {
    account: { username, password },
    inbox,
    failures,
    secureContext,
    implicit: transport === "implicit",
    sizeLimit,
    receive,
  };
  let conversations = 0;
  const converse = async (socket: Socket): Promise<void> => {
    conversations += 1;
    await new Session(new Connection(socket), house).run().catch((error: Error) => inbox.fail(error));
    conversations -= 1;
  };
  const listener = await listen((socket) => {
    void converse(socket);
  });
  const { port } = listener;
  const folder = makePrivateFolder("testing");
  const caFile = path.join(folder, "ca.pem");
  await writeFile(caFile, certificate);
  const end = async (): Promise<void> => {
    // What a client is about to send might be what they are for.
    const isQuiet = conversations === 0;
    inbox.close();
    await listener[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
    // defence: failures-happen-before-the-end
    if (isQuiet && failures.left.length > 0) inbox.fail(neverHappened(failures.left, "the server was closed before"));
    if (inbox.fault !== undefined) throw inbox.fault;
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
    tls: { ca: { only: certificate } },
    ca: certificate,
    caFile,
    get messages() {
      return inbox.messages;
    },
    nextMessage: async (waiting = {}) => {
      if (receive !== undefined) throw new TypeError("There is no next message: `receive` reads them all.");
      return inbox.next(patienceOf(waiting));
    },
    failNext: (failure) => failures.add(failure),
    reset: () => {
      const { fault } = inbox;
      inbox.clear();
      failures.clear();
      if (fault !== undefined) throw fault;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Each server has an authority of its own, which no client trusts unless it is configured to. */
async function makeIdentity(): Promise<{ readonly certificate: string; readonly secureContext: SecureContext }> {
  const authority = await createAuthority({ name: "Postseal test server" });
  const { chain, key } = await authority.issue({
    commonName: "localhost",
    names: [
      ["dns", "localhost"],
      ["ip", HOST],
    ],
  });
  return { certificate: authority.certificate, secureContext: createSecureContext({ cert: chain, key }) };
}

function optionsOf(given: TestServerOptions): TestServerOptions {
  const names = ["transport", "username", "password", "sizeLimit", "receive"] as const;
  const options = readOptions(given, names, "options");
  const { transport, username, password, sizeLimit, receive } = options;
  demand(
    transport === undefined || ["starttls", "implicit"].includes(transport),
    "options.transport",
    "starttls or implicit",
  );
  for (const [name, text] of Object.entries({ username, password }))
    demand(
      text === undefined || isText(text),
      `options.${name}`,
      "text of at least one character, without control characters",
    );
  const isSize = sizeLimit === undefined || (Number.isSafeInteger(sizeLimit) && sizeLimit > 0);
  demand(isSize, "options.sizeLimit", "a whole number of octets, at least 1");
  demand(receive === undefined || typeof receive === "function", "options.receive", "a function");
  return options;
}

function patienceOf(given: { readonly timeout?: number | undefined }): number {
  const { timeout = PATIENCE } = readOptions(given, ["timeout"], "options");
  demand(timeout === Infinity || isTime(timeout), "options.timeout", `${TIME}, or Infinity`);
  return timeout;
}

function isText(given: unknown): boolean {
  return typeof given === "string" && /^[^\0-\x1f\x7f]+$/.test(given);
}
