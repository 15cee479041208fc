/** The TCP connection, to whichever address of the host answers. */
import { lookup } from "node:dns";
import { connect as connectSocket, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { NetworkError } from "../errors/network-error.ts";
import { describeServer, type Server } from "../policy/server.ts";
import { withDeadline } from "./deadline.ts";
import { byTurns, race } from "./race.ts";

export interface ConnectTarget {
  /** A host name (A-labels) or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Carries the octets another way: a proxy, a tunnel. TLS sits above it, and is verified just the same. */
export type ConnectHook = (target: ConnectTarget, signal: AbortSignal | undefined) => Promise<Duplex>;

export interface ConnectOptions {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly connect?: ConnectHook | undefined;
}

/** Throws `MAIL_NETWORK_CONNECT` or `MAIL_NETWORK_TIMEOUT`. */
export function connectTo(server: Server, options: ConnectOptions): Promise<Duplex> {
  const peer = describeServer(server);
  const target = { host: server.name.name, port: server.port };
  const deadline = {
    phase: "connect" as const,
    timeout: options.timeout,
    late: `No connection to ${peer} within ${options.timeout / 1000} s. The port may be filtered: many networks block 25, some block 465 and 587.`,
    signal: options.signal,
  };
  return withDeadline(deadline, (resolve, reject) => {
    const refused = (cause: unknown): void => reject(connectError(peer, cause));
    return options.connect === undefined
      ? bySocket(target, resolve, refused)
      : byHook(options.connect, target, options.signal, resolve, refused);
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
  const begin = (address: string): Socket => connectSocket({ host: address, port, noDelay: true });
  // An address is its own only answer.
  lookup(host, { all: true }, (error, found) => {
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
  let given: Duplex | undefined;
  let late = false;
  const carry = async (): Promise<void> => {
    given = await hook(target, signal);
    if (!(given instanceof Duplex) || given.destroyed) {
      throw new TypeError("the connect function gave no stream that is open both ways");
    }
    if (late) given.destroy();
    else resolve(given);
  };
  carry().catch(refused);
  return () => {
    late = true;
    given?.destroy();
  };
}

function connectError(peer: string, cause: unknown): NetworkError {
  const code =
    cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "no connection";
  return new NetworkError(
    "MAIL_NETWORK_CONNECT",
    "connect",
    `No connection to ${peer} (${code}). ${adviceOn(code)}`,
    cause,
  );
}

function adviceOn(code: string): string {
  switch (code) {
    case "ENOTFOUND":
      return "There is no such host, or the name server does not know it: check the spelling.";
    case "EAI_AGAIN":
      return "The name server did not answer: check the network, and try again.";
    case "ECONNREFUSED":
      return "Nothing listens there: check host and port (587 for submission://, 465 for submissions://).";
    default:
      return "Check host, port and network, and try again.";
  }
}
