/** The SMTP envelope (RFC 5321 section 2.3.1): the addresses in MAIL and RCPT, which need not be those in the headers. */
import { InputError } from "../errors/input-error.ts";
import { kindOf } from "../errors/kind.ts";
import { isList, readList } from "../policy/own-options.ts";
import type { Content } from "./content.ts";
import { commonMailbox, type Mailbox, parseMailbox } from "./mailbox.ts";

/** A judged mailbox: safe to put between `<` and `>` in a command. */
export interface Envelope {
  /** Empty for the null reverse-path. */
  readonly reversePath: string;
  /** At least one, without duplicates, in the caller's order. */
  readonly forwardPaths: readonly string[];
  /** Whether a local part is not ASCII, so that SMTPUTF8 (RFC 6531) is needed. Domains are A-labels already. */
  readonly utf8: boolean;
}

/** Delivery status notifications (RFC 3461), for all recipients of one message. */
export interface DsnOptions {
  /** `never`, or the events to report. Default: the server decides (usually failures). */
  readonly notify?: "never" | readonly ("success" | "failure" | "delay")[] | undefined;
  /** How much of the message a notification returns. */
  readonly return?: "full" | "headers" | undefined;
  /** An identifier of 1 to 100 printable ASCII characters that comes back in notifications; sent as xtext. */
  readonly envelopeId?: string | undefined;
  /** Whether to send each recipient's address as ORCPT, so that a notification names it even after forwarding. */
  readonly originalRecipient?: boolean | undefined;
}

/** A message that has been judged: everything a transaction needs. */
export interface PreparedMessage {
  /** With its angle brackets; absent if a ready-made message has none, or was not read. */
  readonly messageId: string | undefined;
  readonly envelope: Envelope;
  /** Whether the envelope or a header needs SMTPUTF8. */
  readonly smtpUtf8: boolean;
  readonly dsn: DsnOptions | undefined;
  /** Whether to send it only to a server that promises to pass it on over verified TLS (RFC 8689). */
  readonly requireTls: boolean;
  readonly content: Content;
}

/** The mailboxes of the caller's own envelope: plain, without names. Throws `InputError` (`MAIL_INPUT_ADDRESS`). */
export function parsePaths(input: string | readonly string[], field: string): readonly Mailbox[] {
  // The place in the list is spelled out only for mailboxes that may need an error.
  if (typeof input !== "string" && !isList(input))
    throw new InputError(
      "MAIL_INPUT_ADDRESS",
      field,
      `is ${kindOf(input)}: give an address as text, or an array of them.`,
    );
  return isList(input)
    ? readList(input, { field, code: "MAIL_INPUT_ADDRESS" }).map(
        (text, index) => commonMailbox(text) ?? parseMailbox(text, `${field}[${index}]`),
      )
    : [parseMailbox(input, field)];
}

/** `undefined` for the null reverse-path (RFC 5321 section 4.5.5). Throws `InputError` (`MAIL_INPUT_ADDRESS`). */
export function parseReversePath(input: string, field: string): Mailbox | undefined {
  if (typeof input !== "string")
    throw new InputError(
      "MAIL_INPUT_ADDRESS",
      field,
      `is ${kindOf(input)}: give an address as text, or "" for the null reverse-path.`,
    );
  return input === "" ? undefined : parseMailbox(input, field);
}

/** Recipients that differ only in the case of the domain count as one. Throws `InputError` if there are none. */
export function createEnvelope(reversePath: Mailbox | undefined, forwardPaths: readonly Mailbox[]): Envelope {
  // Nearly all messages go to one.
  const recipients = forwardPaths.length < 2 ? forwardPaths : unique(forwardPaths);
  if (recipients.length === 0) {
    throw new InputError(
      "MAIL_INPUT_ADDRESS",
      "to",
      "names nobody, so there is no one to send to. Give at least one recipient.",
    );
  }
  return {
    reversePath: reversePath?.text ?? "",
    forwardPaths: recipients.map((mailbox) => mailbox.text),
    utf8: reversePath?.utf8 === true || recipients.some((mailbox) => mailbox.utf8),
  };
}

function unique(mailboxes: readonly Mailbox[]): readonly Mailbox[] {
  const keys = new Set<string>();
  return mailboxes.filter(({ key }) => !keys.has(key) && keys.add(key));
}
