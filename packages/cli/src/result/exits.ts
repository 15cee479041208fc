/** The exit codes: name, meaning, and the errors that lead to them. Help, the manual page and the guides are made from this table. */
import type { MailErrorCode } from "@postseal/mailer";
import type { LabErrorCode } from "@postseal/lab";
import type { OutboxErrorCode } from "@postseal/outbox";
import type { CommandErrorCode } from "../command-error.ts";
import type { Interruption } from "../interruption.ts";

export type ErrorCode = MailErrorCode | CommandErrorCode | LabErrorCode | OutboxErrorCode | Interruption["code"];

interface Exit {
  /** As in sysexits.h, if it has such a code. */
  readonly code: number;
  /** For help and the guides; a page may have its own words instead. */
  readonly meaning: string;
  /** The only subcommand that has it. */
  readonly of?: "sendmail" | "lab" | "setup" | "outbox";
  readonly errors?: readonly ErrorCode[];
  /** Errors that lead to it only if their disposition is `retry`; otherwise the exit that has them in `errors` applies. */
  readonly transient?: readonly ErrorCode[];
}

/** In the order of their codes. */
export const exits = {
  done: { code: 0, meaning: "accepted for every recipient" },
  partly: { code: 1, meaning: "accepted for some recipients, and not for others" },
  found: { code: 1, meaning: "at least one trial failed, or proved nothing", of: "lab" },
  nothing: {
    code: 1,
    meaning: "no such message, or its state does not allow it; nothing was changed",
    of: "outbox",
    errors: ["OUTBOX_BODY_GONE"],
  },
  hung: {
    code: 2,
    meaning: "no trial failed, but in at least one the client was still running when its time was up",
    of: "lab",
  },
  usage: { code: 64, meaning: "a mistake on the command line", errors: ["CLI_USAGE"] },
  badInput: {
    code: 65,
    meaning: "a bad address, header, attachment or message",
    errors: [
      "MAIL_INPUT_ADDRESS",
      "MAIL_INPUT_HEADER",
      "MAIL_INPUT_MESSAGE",
      "MAIL_INPUT_ATTACHMENT",
      "CLI_INPUT",
      "OUTBOX_KEY_CONFLICT",
    ],
  },
  noUser: {
    code: 67,
    meaning: "a recipient does not exist: a name without an alias, or reply 5.1.1",
    of: "sendmail",
    errors: ["CLI_NO_USER"],
  },
  noHost: { code: 68, meaning: "a recipient's domain does not exist", of: "sendmail" },
  refused: {
    code: 69,
    meaning: "refused for good, or the server cannot carry this message",
    // A greeting that refuses is the server's decision about this client. Nothing was said to it, so believing it loses nothing.
    errors: ["MAIL_REFUSED", "MAIL_CAPABILITY_MISSING", "MAIL_MESSAGE_TOO_LARGE", "MAIL_GREETING_REFUSED"],
  },
  software: {
    code: 70,
    meaning: "a bug in Postseal",
    errors: [
      "MAIL_SESSION_SPENT",
      "MAIL_RESULTS_UNREAD",
      "MAIL_FAULT",
      "OUTBOX_CLOSED",
      "OUTBOX_OTHER_DATABASE",
      "OUTBOX_NO_TRANSACTION",
      "OUTBOX_NOT_MARKED",
    ],
  },
  notWritten: {
    code: 73,
    meaning: "a file cannot be written, for want of space or permission; no file is left over",
    of: "setup",
    errors: ["CLI_WRITE"],
  },
  unknown: {
    code: 74,
    meaning: "the server may have taken it: look before sending it again",
    errors: ["MAIL_OUTCOME_UNKNOWN"],
  },
  // Nothing was taken, and nothing is wrong, so the same command may be tried again.
  later: {
    code: 75,
    meaning: "deferred, or no connection: try again later",
    errors: [
      "MAIL_NETWORK_CONNECT",
      "MAIL_NETWORK_LOST",
      "MAIL_NETWORK_TIMEOUT",
      "MAIL_AUTH_DEFERRED",
      "MAIL_DEFERRED",
      "CLI_TIMEOUT",
      "OUTBOX_STORE_BUSY",
      "OUTBOX_STORE_FULL",
      "OUTBOX_STORE_FAILED",
    ],
    // A 4yz reply asks for another try; any other reply here may come from an attacker.
    transient: ["MAIL_GREETING_REFUSED", "MAIL_EHLO_REFUSED", "MAIL_TLS_REFUSED"],
  },
  unsealed: {
    code: 76,
    meaning: "tampering, or TLS or the server's identity did not meet the policy",
    errors: [
      "MAIL_EHLO_REFUSED",
      "MAIL_PROTOCOL_MALFORMED_REPLY",
      "MAIL_PROTOCOL_UNSOLICITED_REPLY",
      "MAIL_PROTOCOL_UNEXPECTED_REPLY",
      "MAIL_PROTOCOL_STARTTLS_INSIDE_TLS",
      "MAIL_TLS_NOT_OFFERED",
      "MAIL_TLS_REFUSED",
      "MAIL_TLS_INJECTION",
      "MAIL_TLS_NOT_SPOKEN",
      "MAIL_TLS_HANDSHAKE",
      "MAIL_TLS_UNVERIFIED",
      "MAIL_TLS_POLICY",
      "MAIL_TLS_BROKEN",
      "MAIL_AUTH_SERVER_UNPROVEN",
      "MAIL_AUTH_PROTOCOL",
    ],
  },
  notLoggedIn: {
    code: 77,
    meaning: "login refused",
    errors: ["MAIL_AUTH_REFUSED", "MAIL_AUTH_NOT_OFFERED", "MAIL_AUTH_CREDENTIALS", "MAIL_AUTH_SIGN_IN"],
  },
  configuration: {
    code: 78,
    meaning: "a bad configuration: URL, authority, password file, version of Node",
    errors: [
      "MAIL_INPUT_OPTION",
      "MAIL_INPUT_URL",
      "MAIL_RUNTIME_UNSUPPORTED",
      "CLI_CONFIGURATION",
      "LAB_COMMAND",
      "LAB_FOLDER",
      "LAB_LISTEN",
      "LAB_WORKER",
      "OUTBOX_SQLITE_UNSAFE",
      "OUTBOX_FOLDER_OPEN",
      "OUTBOX_STORE_UNREACHABLE",
      "OUTBOX_STORE_READ_ONLY",
      "OUTBOX_STORE_DAMAGED",
      "OUTBOX_SCHEMA_NEWER",
    ],
  },
  // As shells report a command that Ctrl-C has ended.
  interrupted: { code: 130, meaning: "interrupted, not sent", errors: ["MAIL_ABORTED", "CLI_INTERRUPTED"] },
  terminated: { code: 143, meaning: "ended by SIGTERM or SIGHUP, not sent" },
} as const satisfies Readonly<Record<string, Exit>>;

export type ExitName = keyof typeof exits;

const table: Readonly<Record<ExitName, Exit>> = exits;
const names = Object.keys(exits).filter((name): name is ExitName => Object.hasOwn(exits, name));

/** Exits that do not belong to a single subcommand. */
export const mailExits: readonly ExitName[] = names.filter((name) => table[name].of === undefined);
/** The exits that callers of sendmail know, so neither `partly` nor what a signal gives. */
export const sendmailExits: readonly ExitName[] = names.filter(
  (name) => (table[name].of ?? "sendmail") === "sendmail" && !["partly", "interrupted", "terminated"].includes(name),
);

/** Rows of a table: each code with its meaning, in the page's own words if it has any. */
export function exitRows(
  shown: readonly ExitName[],
  words: Readonly<Partial<Record<ExitName, string>>> = {},
): readonly (readonly [code: string, meaning: string])[] {
  return shown.map((name) => [String(table[name].code), words[name] ?? table[name].meaning]);
}

/** The exit of an error, by its code; `undefined` if none lists it. */
export function exitOfError(code: string, isTransient: boolean): number | undefined {
  const all = Object.values(table);
  const listed = isTransient ? all.find(({ transient = [] }) => transient.some((one) => one === code)) : undefined;
  return (listed ?? all.find(({ errors = [] }) => errors.some((one) => one === code)))?.code;
}
