/** What a session knows from beginning to end: the server and the caller's options, judged once. */
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { type ConnectHook, type Route, routeOf } from "../net/connect.ts";
import { readOptions } from "../policy/own-options.ts";
import { describeServer, parseServer, type Server, type ServerOptions } from "../policy/server.ts";
import { resolveTimeouts, type TimeoutOptions, type Timeouts } from "../policy/timeouts.ts";
import { NEUTRAL_CLIENT_NAME } from "../protocol/starttls.ts";
import { Concealment } from "../wire/concealment.ts";

export interface SessionOptions {
  /** The name to give in EHLO inside TLS: a domain or an address literal. Default `[127.0.0.1]`, which reveals nothing. */
  readonly clientName?: string | undefined;
  readonly timeouts?: TimeoutOptions | undefined;
  /** `false`: messages go by DATA only, for a server that offers CHUNKING but does it wrong. Default `true`. */
  readonly chunking?: boolean | undefined;
  /** Connects through a proxy or a tunnel. TLS runs over it. */
  readonly connect?: ConnectHook | undefined;
}

export interface SessionContext {
  readonly server: Server;
  /** The server as errors name it. */
  readonly peer: string;
  readonly clientName: string;
  readonly timeouts: Timeouts;
  readonly route: Route;
  readonly pipelining: Pipelining;
  /** The secrets of all connections of this context. */
  readonly concealment: Concealment;
}

/** How far a server is trusted with what it has not answered yet. */
interface Pipelining {
  /** How many messages may be on one connection without a final reply. */
  readonly window: number;
  /** The server takes no envelope that is pipelined after a final dot. Learnt by trying, and kept for the next connection. */
  refusedAfterDot: boolean;
  /** Whether the server gets BDAT if it offers CHUNKING. Set to false once it turns out not to know the command. */
  chunking: boolean;
}

const WINDOW = 8;

/** An option that is missing here does not compile. */
const NAMES: Readonly<Record<keyof SessionOptions, true>> = {
  clientName: true,
  timeouts: true,
  chunking: true,
  connect: true,
};

/** The options that `connect`, `connectSealed` and a mailer have in common. */
export const SESSION_NAMES: readonly string[] = Object.keys(NAMES);

/** The caller's options as they were given, without a prototype. Throws `InputError` for a name that is not among `known`. */
export function readSessionOptions<T extends object>(
  given: T,
  known: ReadonlySet<string>,
  explain?: (name: string) => string | undefined,
): T {
  return readOptions(given, known, { field: "", code: "MAIL_INPUT_OPTION", explain });
}

/** `options` come from `readSessionOptions`. Throws `InputError` for an invalid server or option. */
export function sessionContext(
  server: string | URL | ServerOptions,
  options: SessionOptions,
  window: number = WINDOW,
): SessionContext {
  const parsed = parseServer(server);
  return {
    server: parsed,
    peer: describeServer(parsed),
    clientName: checkClientName(options.clientName === undefined ? NEUTRAL_CLIENT_NAME : options.clientName),
    timeouts: resolveTimeouts(options.timeouts),
    route: routeOf(options),
    pipelining: { window, refusedAfterDot: false, chunking: checkChunking(options.chunking) },
    // defence: one-list-of-secrets
    concealment: new Concealment(),
  };
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
