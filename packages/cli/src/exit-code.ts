/** From what happened to an exit code that a script can act on: those of sysexits.h, where it has one. */
import type { MailErrorCode, Receipt } from "@postseal/mailer";
import type { CommandErrorCode } from "./command-error.ts";
import type { Interruption } from "./interruption.ts";
import type { Result } from "./result.ts";

const PARTLY = 1;
const USAGE = 64;
const BAD_INPUT = 65;
const NO_USER = 67;
const REFUSED = 69;
const SOFTWARE = 70;
const UNKNOWN = 74;
/** Nothing was taken, and nothing is wrong: the same may be tried again. */
export const LATER = 75;
const UNSEALED = 76;
const NOT_LOGGED_IN = 77;
const CONFIGURATION = 78;
/** What shells say of a command that Ctrl-C has ended. */
const INTERRUPTED = 130;

const CODES: Readonly<Record<MailErrorCode | CommandErrorCode | Interruption["code"], number>> = {
  MAIL_INPUT_ADDRESS: BAD_INPUT,
  MAIL_INPUT_HEADER: BAD_INPUT,
  MAIL_INPUT_MESSAGE: BAD_INPUT,
  MAIL_INPUT_ATTACHMENT: BAD_INPUT,
  MAIL_INPUT_OPTION: CONFIGURATION,
  MAIL_INPUT_URL: CONFIGURATION,
  MAIL_NETWORK_CONNECT: LATER,
  MAIL_NETWORK_LOST: LATER,
  MAIL_NETWORK_TIMEOUT: LATER,
  MAIL_GREETING_REFUSED: UNSEALED,
  MAIL_EHLO_REFUSED: UNSEALED,
  MAIL_PROTOCOL_MALFORMED_REPLY: UNSEALED,
  MAIL_PROTOCOL_UNSOLICITED_REPLY: UNSEALED,
  MAIL_PROTOCOL_UNEXPECTED_REPLY: UNSEALED,
  MAIL_PROTOCOL_STARTTLS_INSIDE_TLS: UNSEALED,
  MAIL_TLS_NOT_OFFERED: UNSEALED,
  MAIL_TLS_REFUSED: UNSEALED,
  MAIL_TLS_INJECTION: UNSEALED,
  MAIL_TLS_NOT_SPOKEN: UNSEALED,
  MAIL_TLS_HANDSHAKE: UNSEALED,
  MAIL_TLS_UNVERIFIED: UNSEALED,
  MAIL_TLS_POLICY: UNSEALED,
  MAIL_TLS_BROKEN: UNSEALED,
  MAIL_AUTH_REFUSED: NOT_LOGGED_IN,
  MAIL_AUTH_DEFERRED: LATER,
  MAIL_AUTH_NOT_OFFERED: NOT_LOGGED_IN,
  MAIL_AUTH_SERVER_UNPROVEN: UNSEALED,
  MAIL_AUTH_PROTOCOL: UNSEALED,
  MAIL_AUTH_CREDENTIALS: NOT_LOGGED_IN,
  MAIL_REFUSED: REFUSED,
  MAIL_DEFERRED: LATER,
  MAIL_CAPABILITY_MISSING: REFUSED,
  MAIL_MESSAGE_TOO_LARGE: REFUSED,
  MAIL_OUTCOME_UNKNOWN: UNKNOWN,
  MAIL_ABORTED: INTERRUPTED,
  MAIL_SESSION_SPENT: SOFTWARE,
  MAIL_RESULTS_UNREAD: SOFTWARE,
  MAIL_RUNTIME_UNSUPPORTED: CONFIGURATION,
  MAIL_FAULT: SOFTWARE,
  CLI_USAGE: USAGE,
  CLI_CONFIGURATION: CONFIGURATION,
  CLI_INPUT: BAD_INPUT,
  CLI_NO_USER: NO_USER,
  CLI_INTERRUPTED: INTERRUPTED,
  CLI_TIMEOUT: LATER,
};
/** A server that says 4yz to these has asked to be tried again; whoever says anything else may not be the server. */
const TRANSIENT: ReadonlySet<string> = new Set<MailErrorCode>([
  "MAIL_GREETING_REFUSED",
  "MAIL_EHLO_REFUSED",
  "MAIL_TLS_REFUSED",
]);

export function exitCodeOf(result: Result): number {
  if (result.kind === "verified") return 0;
  // Before all else: a script that sends again because of another code might deliver twice.
  if (isUnknown(result.receipt)) return UNKNOWN;
  if (result.kind === "failed") return codeOf(result.error);
  return isWhole(result.receipt) ? 0 : PARTLY;
}

/** By its code and not by its class: the library may be what could not be loaded. */
function codeOf(error: unknown): number {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return SOFTWARE;
  const { code } = error;
  if (TRANSIENT.has(code) && "disposition" in error && error.disposition === "retry") return LATER;
  return isKnown(code) ? CODES[code] : SOFTWARE;
}

function isKnown(code: string): code is keyof typeof CODES {
  return Object.hasOwn(CODES, code);
}

function isUnknown(receipt: Receipt | undefined): boolean {
  return receipt?.recipients.some(({ outcome }) => outcome === "unknown") === true;
}

function isWhole(receipt: Receipt): boolean {
  return receipt.recipients.every(({ outcome }) => outcome === "accepted");
}
