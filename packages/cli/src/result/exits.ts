/** The exits of the command: code, name, meaning, and the errors that give them. Help, the manual page and the guides are made of it. */
import type { MailErrorCode } from "@postseal/mailer";
import type { LabErrorCode } from "@postseal/lab";
import type { CommandErrorCode } from "../command-error.ts";
import type { Interruption } from "../interruption.ts";

export type ErrorCode = MailErrorCode | CommandErrorCode | LabErrorCode | Interruption["code"];

interface Exit {
  /** That of sysexits.h, where it has one. */
  readonly code: number;
  /** As help and the guides tell it, where a page has no words of its own. */
  readonly meaning: string;
  /** The only subcommand that has it. */
  readonly of?: "sendmail" | "lab";
  readonly errors?: readonly ErrorCode[];
  /** Errors that give it if their disposition is `retry`; else the exit that lists them. */
  readonly transient?: readonly ErrorCode[];
}

/** In the order of their codes. */
export const exits = {
  done: { code: 0, meaning: "accepted for every recipient" },
  partly: { code: 1, meaning: "accepted for some recipients, and not for others" },
  found: { code: 1, meaning: "something was found", of: "lab" },
  usage: { code: 64, meaning: "a mistake on the command line", errors: ["CLI_USAGE"] },
  badInput: {
    code: 65,
    meaning: "a bad address, header, attachment or message",
    errors: ["MAIL_INPUT_ADDRESS", "MAIL_INPUT_HEADER", "MAIL_INPUT_MESSAGE", "MAIL_INPUT_ATTACHMENT", "CLI_INPUT"],
  },
  noUser: {
    code: 67,
    meaning: "a recipient is nobody: a name without an alias, or 5.1.1 of the server",
    of: "sendmail",
    errors: ["CLI_NO_USER"],
  },
  noHost: { code: 68, meaning: "a recipient's domain is none", of: "sendmail" },
  refused: {
    code: 69,
    meaning: "refused for good, or more than the server can carry",
    errors: ["MAIL_REFUSED", "MAIL_CAPABILITY_MISSING", "MAIL_MESSAGE_TOO_LARGE"],
  },
  software: {
    code: 70,
    meaning: "a mistake in Postseal",
    errors: ["MAIL_SESSION_SPENT", "MAIL_RESULTS_UNREAD", "MAIL_FAULT"],
  },
  unknown: {
    code: 74,
    meaning: "nobody here knows whether it was taken: look before sending it again",
    errors: ["MAIL_OUTCOME_UNKNOWN"],
  },
  // Nothing was taken, and nothing is wrong: the same may be tried again.
  later: {
    code: 75,
    meaning: "not taken for now, or no connection: try again later",
    errors: [
      "MAIL_NETWORK_CONNECT",
      "MAIL_NETWORK_LOST",
      "MAIL_NETWORK_TIMEOUT",
      "MAIL_AUTH_DEFERRED",
      "MAIL_DEFERRED",
      "CLI_TIMEOUT",
    ],
    // A server that says 4yz to these has asked to be tried again; whoever says anything else may not be the server.
    transient: ["MAIL_GREETING_REFUSED", "MAIL_EHLO_REFUSED", "MAIL_TLS_REFUSED"],
  },
  unsealed: {
    code: 76,
    meaning: "tampered with, or TLS and identity did not meet the policy",
    errors: [
      "MAIL_GREETING_REFUSED",
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
    errors: ["MAIL_AUTH_REFUSED", "MAIL_AUTH_NOT_OFFERED", "MAIL_AUTH_CREDENTIALS"],
  },
  configuration: {
    code: 78,
    meaning: "configuration: the URL, an authority, a password file, this Node",
    errors: [
      "MAIL_INPUT_OPTION",
      "MAIL_INPUT_URL",
      "MAIL_RUNTIME_UNSUPPORTED",
      "CLI_CONFIGURATION",
      "LAB_COMMAND",
      "LAB_FOLDER",
      "LAB_LISTEN",
      "LAB_WORKER",
    ],
  },
  // What shells say of a command that Ctrl-C has ended.
  interrupted: { code: 130, meaning: "interrupted, not sent", errors: ["MAIL_ABORTED", "CLI_INTERRUPTED"] },
} as const satisfies Readonly<Record<string, Exit>>;

export type ExitName = keyof typeof exits;

const table: Readonly<Record<ExitName, Exit>> = exits;
const names = Object.keys(exits).filter((name): name is ExitName => Object.hasOwn(exits, name));

/** Those that are no one subcommand's own. */
export const mailExits: readonly ExitName[] = names.filter((name) => table[name].of === undefined);
/** Those of a sendmail: that only some recipients have it, or that somebody pressed Ctrl-C, is none of them. */
export const sendmailExits: readonly ExitName[] = names.filter(
  (name) => table[name].of !== "lab" && name !== "partly" && name !== "interrupted",
);

/** Rows of a table: each code, with the page's own words for it if it has any. */
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
