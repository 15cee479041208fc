/**
 * Deadlines in milliseconds. Each is counted from the start of the wait, not from the last octet, so that a server
 * cannot hold a session by dripping one octet a second. All but the final reply's are shorter than RFC 5321 section
 * 4.5.3.2 asks: docs/decisions says why.
 */
import type { Phase } from "../errors/network-error.ts";
import { readWholeNumbers } from "./whole-numbers.ts";

export interface Timeouts {
  /** TCP connection, name resolution included. Default 10 s. */
  readonly connect: number;
  /** Default 30 s. */
  readonly greeting: number;
  /** Default 30 s. */
  readonly ehlo: number;
  /** The reply to STARTTLS. Default 10 s. */
  readonly startTls: number;
  /** The TLS handshake. Default 10 s. */
  readonly handshake: number;
  /** Each step of AUTH. Default 30 s. */
  readonly auth: number;
  /** Each reply to MAIL, RCPT and DATA. Default 60 s. */
  readonly envelope: number;
  /** The window over which a message must go out at 1 KiB/s or more. Default 60 s. */
  readonly body: number;
  /** The reply to the whole message. Default 10 min: giving up earlier makes duplicates (RFC 5321 section 4.5.3.2.6). */
  readonly finalReply: number;
  /** The answer of `beforeHandover`. Default 5 min: no server has to wait longer for the end of a message (RFC 5321 section 4.5.3.2.7). */
  readonly handover: number;
  /** Other commands, and QUIT. Default 30 s, QUIT 2 s. */
  readonly command: number;
}

/** The deadlines to change. */
export type TimeoutOptions = { readonly [name in keyof Timeouts]?: number | undefined };

const DEFAULT_TIMEOUTS: Timeouts = {
  connect: 10_000,
  greeting: 30_000,
  ehlo: 30_000,
  startTls: 10_000,
  handshake: 10_000,
  auth: 30_000,
  envelope: 60_000,
  body: 60_000,
  finalReply: 600_000,
  handover: 300_000,
  command: 30_000,
};

const QUIT = 2_000;

/** The defaults with the caller's changes. Throws `InputError` for anything but a positive whole number of milliseconds. */
export function resolveTimeouts(changes: TimeoutOptions | undefined): Timeouts {
  const what = "a deadline is a whole number of milliseconds, 1 or more";
  return readWholeNumbers(changes, DEFAULT_TIMEOUTS, {
    field: "timeouts",
    what,
    instead: "give the deadlines that differ, such as { connect: 5000 }",
  });
}

/** How long a session waits in a phase. */
export function timeoutOf(phase: Phase, timeouts: Timeouts): number {
  switch (phase) {
    case "starttls":
      return timeouts.startTls;
    case "final-reply":
      return timeouts.finalReply;
    case "quit":
      return Math.min(QUIT, timeouts.command);
    case "idle":
      return timeouts.command;
    default:
      return timeouts[phase];
  }
}
