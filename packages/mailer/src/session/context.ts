/** What a session knows from its first to its last octet: the server, and the caller's options, judged once. */
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import type { ConnectHook } from "../net/connect.ts";
import { readOptions } from "../policy/own-options.ts";
import { describeServer, parseServer, type Server, type ServerOptions } from "../policy/server.ts";
import { resolveTimeouts, type TimeoutOptions, type Timeouts } from "../policy/timeouts.ts";
import { NEUTRAL_CLIENT_NAME } from "../protocol/starttls.ts";
import { Concealment } from "../wire/concealment.ts";

export interface SessionOptions {
  /** The name to give in EHLO inside TLS: a domain or an address literal. Default `[127.0.0.1]`, which tells nothing. */
  readonly clientName?: string | undefined;
  readonly timeouts?: TimeoutOptions | undefined;
  /** `false`: messages go by DATA only, for a server that offers CHUNKING and does not do it right. Default `true`. */
  readonly chunking?: boolean | undefined;
  /** Carries the octets through a proxy or a tunnel. TLS sits above it. */
  readonly connect?: ConnectHook | undefined;
}

export interface SessionContext {
  readonly server: Server;
  /** The server as errors name it. */
  readonly peer: string;
  readonly clientName: string;
  readonly timeouts: Timeouts;
  readonly connect: ConnectHook | undefined;
  readonly pipelining: Pipelining;
  /** The secrets of all connections of this context. */
  readonly concealment: Concealment;
}

/** How far a server is trusted with what it has not answered yet. */
interface Pipelining {
  /** How many messages may be on their way on one connection. */
  readonly window: number;
  /** Learnt by trying, and kept for the next connection: it takes no envelope behind a final dot. */
  refusedBehindDot: boolean;
  /** Whether it gets BDAT if it offers CHUNKING. Learnt by trying, too: one that does not know the command gets none any more. */
  chunking: boolean;
}

const WINDOW = 8;

/** The options that `connect`, `connectSealed` and a mailer have in common. */
export const SESSION_NAMES: readonly (keyof SessionOptions)[] = ["clientName", "timeouts", "chunking", "connect"];

/** The caller's options as they were given, without a prototype. Throws `InputError` for a name that is not among `known`. */
export function readSessionOptions<T extends object>(
  given: T,
  known: ReadonlySet<string>,
  explain?: (name: string) => string | undefined,
): T {
  return readOptions(given, known, { field: "", code: "MAIL_INPUT_OPTION", explain });
}

/** `options` were read. Throws `InputError` for a server or an option that cannot be one. */
export function sessionContext(
  server: string | URL | ServerOptions,
  options: SessionOptions,
  window: number = WINDOW,
): SessionContext {
  const parsed = parseServer(server);
  return {
    server: parsed,
    peer: describeServer(parsed),
    clientName: checkClientName(options.clientName ?? NEUTRAL_CLIENT_NAME),
    timeouts: resolveTimeouts(options.timeouts),
    connect: checkConnect(options.connect),
    pipelining: { window, refusedBehindDot: false, chunking: checkChunking(options.chunking) },
    // defence: one-list-of-secrets
    concealment: new Concealment(),
  };
}

function checkConnect(hook: ConnectHook | undefined): ConnectHook | undefined {
  if (hook === undefined || typeof hook === "function") return hook;
  throw new InputError("MAIL_INPUT_OPTION", "connect", "must be a function");
}

function checkChunking(chunking: unknown): boolean {
  if (chunking === undefined || typeof chunking === "boolean") return chunking ?? true;
  throw new InputError("MAIL_INPUT_OPTION", "chunking", "must be true or false");
}

function checkClientName(name: unknown): string {
  if (typeof name !== "string") throw new InputError("MAIL_INPUT_OPTION", "clientName", "must be a string");
  if (/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[A-Za-z0-9.:]{2,50}\])$/.test(name)) return name;
  throw new InputError(
    "MAIL_INPUT_OPTION",
    "clientName",
    `"${shown(name)}" is neither a domain nor an address literal such as [192.0.2.1]`,
  );
}
