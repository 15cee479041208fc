/** The TCP connection, to the address of the host that answers first. */
import { lookup } from "node:dns";
import { connect as connectSocket, type Socket, type TcpNetConnectOpts } from "node:net";
import { Duplex } from "node:stream";
import type { Witness } from "../diagnostics/witness.ts";
import { InputError } from "../errors/input-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { type Every, withoutPrototype } from "../policy/own-options.ts";
import { describeServer, type Endpoint, type Server } from "../policy/server.ts";
import { withDeadline } from "./deadline.ts";
import { byTurns, race } from "./race.ts";

/** Given as `undefined`: Node copies its options into an object that inherits from `Object.prototype`, and would read there what somebody put on that. */
const LEFT_OUT = {
  allowHalfOpen: undefined,
  autoSelectFamily: undefined,
  autoSelectFamilyAttemptTimeout: undefined,
  blockList: undefined,
  family: undefined,
  fd: undefined,
  handle: undefined,
  hints: undefined,
  localAddress: undefined,
  localPort: undefined,
  lookup: undefined,
  onread: undefined,
  path: undefined,
  readable: undefined,
  signal: undefined,
  timeout: undefined,
  typeOfService: undefined,
  writable: undefined,
} as const;

/**
 * Milliseconds of silence after which TCP asks whether the peer is there; then it asks every second, ten times. So a dead path
 * shows within a minute, unless octets are under way that the peer has not acknowledged.
 */
const KEEP_ALIVE = 30_000;

export interface ConnectTarget {
  /** A host name (A-labels) or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Connects in another way: through a proxy or a tunnel. TLS runs over it, and the peer is verified just the same. */
export type ConnectHook = (target: ConnectTarget, signal: AbortSignal | undefined) => Promise<Duplex>;

/** How the caller wants the server to be reached. */
export interface Route {
  readonly connect?: ConnectHook | undefined;
}

interface ReachOptions {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly route?: Route | undefined;
}

export interface ConnectOptions extends ReachOptions {
  readonly witness: Witness;
}

/** Of options that were read. Throws `InputError`. */
export function routeOf({ connect }: Route): Route {
  if (connect === undefined || typeof connect === "function") return { connect };
  throw new InputError("MAIL_INPUT_OPTION", "connect", "must be a function");
}

/** Throws `MAIL_NETWORK_CONNECT` or `MAIL_NETWORK_TIMEOUT`. */
export async function connectTo(server: Server, options: ConnectOptions): Promise<Duplex> {
  const { witness } = options;
  witness.opening();
  try {
    const stream = await reach(server, options);
    witness.opened();
    return stream;
  } catch (error) {
    witness.closed(error);
    throw error;
  }
}

/** Without events, which are about mail. Throws as `connectTo` does. */
export function reach(server: Endpoint, options: ReachOptions): Promise<Duplex> {
  const peer = describeServer(server);
  const target = { host: server.name.name, port: server.port };
  const deadline = {
    phase: "connect" as const,
    timeout: options.timeout,
    late: `No connection to ${peer} within ${options.timeout / 1000} s. ${server.transport === "https" ? "The network may want a proxy, which is not used here unless you give one (connect)." : "The port may be filtered: many networks block 25, some block 465 and 587."}`,
    signal: options.signal,
  };
  return withDeadline(deadline, (resolve, reject) => {
    const refused = (cause: unknown): void => reject(connectError(server, cause));
    const hook = options.route?.connect;
    return hook === undefined
      ? bySocket(target, resolve, refused)
      : byHook(hook, target, options.signal, resolve, refused);
  });
}

type Begin = (
  target: ConnectTarget,
  resolve: (stream: Duplex) => void,
  refused: (cause: unknown) => void,
) => () => void;

const bySocket: Begin = ({ host, port }, resolve, refused) => {
  let [isOver, stop] = [false, (): void => {}];
  // Without noDelay a small write waits for the acknowledgement of the one before it, 40 ms and more.
  const begin = (address: string): Socket =>
    connectSocket(
      withoutPrototype({
        ...LEFT_OUT,
        host: address,
        port,
        noDelay: true,
        // defence: tcp-asks-a-silent-peer
        keepAlive: true,
        keepAliveInitialDelay: KEEP_ALIVE,
      } satisfies Every<TcpNetConnectOpts>),
    );
  // An IP address resolves to itself alone.
  lookup(host, withoutPrototype({ all: true } as const), (error, found) => {
    if (isOver) return;
    if (error !== null) refused(error);
    else stop = race(byTurns(found), begin, resolve, refused);
  });
  return () => {
    isOver = true;
    stop();
  };
};

function byHook(
  hook: ConnectHook,
  target: ConnectTarget,
  signal: AbortSignal | undefined,
  resolve: (stream: Duplex) => void,
  refused: (cause: unknown) => void,
): () => void {
  let late = false;
  const carry = async (): Promise<void> => {
    const given: unknown = await hook(target, signal);
    if (!(given instanceof Duplex) || given.destroyed) {
      throw new TypeError("the connect function did not return a stream that is open in both directions");
    }
    if (!late) return resolve(given);
    // Nobody else would take its error, which would end the process.
    given.on("error", () => {}).destroy();
  };
  carry().catch(refused);
  return () => {
    late = true;
  };
}

function connectError(server: Endpoint, cause: unknown): NetworkError {
  const code =
    cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "no connection";
  return new NetworkError(
    "MAIL_NETWORK_CONNECT",
    "connect",
    `No connection to ${describeServer(server)} (${code}). ${adviceOn(code, server)}`,
    cause,
    code === NOT_PERMITTED ? "give-up" : "retry",
  );
}

/** Node's permission model, from version 25 on. */
const NOT_PERMITTED = "ERR_ACCESS_DENIED";

function adviceOn(code: string, { transport }: Endpoint): string {
  switch (code) {
    case NOT_PERMITTED:
      return "This process runs under --permission, which allows no connections: start node with --allow-net too.";
    case "ENOTFOUND":
      return "There is no such host, or the name server does not know it: check the spelling.";
    case "EAI_AGAIN":
      return "The name server did not answer: check the network, and try again.";
    case "ECONNREFUSED":
      return transport === "https"
        ? "Nothing listens there: check the address."
        : "Nothing listens there: check host and port (587 for submission://, 465 for submissions://).";
    default:
      return "Check host, port and network, and try again.";
  }
}
