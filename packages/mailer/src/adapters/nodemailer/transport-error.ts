/** The error of `sendMail` and `verify`: Nodemailer's fields, on which applications branch, around our own error. */
import type { MailErrorCode } from "../../errors/codes.ts";
import { AuthenticationError } from "../../errors/authentication-error.ts";
import { CapabilityError } from "../../errors/capability-error.ts";
import { type Disposition, MailError } from "../../errors/mail-error.ts";
import { NetworkError } from "../../errors/network-error.ts";
import { ProtocolError } from "../../errors/protocol-error.ts";
import { ReplyError } from "../../errors/reply-error.ts";
import { TlsError } from "../../errors/tls-error.ts";
import type { Receipt, ReplyFacts } from "../../outcome/receipt.ts";
import { describeReply } from "../../wire/reply.ts";
import { decidedAt, isAboutRecipient } from "./decided-at.ts";

/** Those of Nodemailer's codes that can occur here. */
export type NodemailerCode =
  | "EABORT"
  | "EAUTH"
  | "ECONFIG"
  | "ECONNECTION"
  | "EDNS"
  | "EENVELOPE"
  | "EMESSAGE"
  | "EPROTOCOL"
  | "EREQUIRETLS"
  | "ESOCKET"
  | "ESTREAM"
  | "ETIMEDOUT"
  | "ETLS";

export interface TransportErrorFacts {
  readonly code: NodemailerCode;
  /** What was under way: `CONN`, `STARTTLS`, `AUTH PLAIN`, `MAIL FROM`, `RCPT TO`, `DATA`; `API` if nothing was. */
  readonly command?: string | undefined;
  readonly reply?: ReplyFacts | undefined;
  readonly originalCode?: string | undefined;
  readonly recipient?: string | undefined;
}

export class TransportError extends Error {
  readonly code: NodemailerCode;
  readonly command: string | undefined;
  /** The code of the underlying error, such as `ECONNREFUSED`, or `ENOENT` if a source of the message failed. */
  readonly originalCode: string | undefined;
  /** The server's reply, code first, if one decided it. */
  readonly response: string | undefined;
  readonly responseCode: number | undefined;
  /** Whether that reply was a 5yz other than 503, which says that the session was in a wrong state. */
  readonly permanent: boolean | undefined;
  /** The code of the `MailError` that is the `cause`. Absent if the application's own stream failed, or the transport was closed. */
  readonly postsealCode: MailErrorCode | undefined;
  /** Whether the same message may be sent again, which the codes above do not say. */
  readonly disposition: Disposition;
  /** What became of each recipient, if a message was under way. */
  readonly receipt: Receipt | undefined;
  /** The recipients whose RCPT was refused, for good or for now. Absent if none was: a refused sender or message says nothing of an address. */
  readonly rejected: string[] | undefined;
  /** One error for each of them. */
  readonly rejectedErrors: TransportError[] | undefined;
  /** The recipient that it is about, if it is in such a list. */
  readonly recipient: string | undefined;

  constructor(message: string, facts: TransportErrorFacts, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    const ours = cause instanceof MailError ? cause : undefined;
    const rejected = ours?.receipt === undefined ? [] : rejectedErrors(ours.receipt);
    this.code = facts.code;
    this.command = facts.command;
    this.originalCode = facts.originalCode;
    this.response = facts.reply === undefined ? undefined : describeReply(facts.reply);
    this.responseCode = facts.reply?.code;
    this.permanent = facts.reply === undefined ? undefined : isPermanent(facts.reply);
    this.postsealCode = ours?.code;
    this.disposition = ours?.disposition ?? withoutOurs(facts);
    this.receipt = ours?.receipt;
    this.rejected = rejected.length === 0 ? undefined : rejected.map(({ recipient = "" }) => recipient);
    this.rejectedErrors = rejected.length === 0 ? undefined : rejected;
    this.recipient = facts.recipient;
    // Once more, now that the code is known: the stack begins with the name, which depends on it.
    Error.captureStackTrace(this, new.target);
  }

  override get name(): string {
    return this.code === "EABORT" ? "AbortError" : "TransportError";
  }
}

/** One error for each recipient whose RCPT was refused. */
export function rejectedErrors(receipt: Receipt): TransportError[] {
  return receipt.recipients.flatMap(({ address, outcome, reply }) => {
    if (reply === undefined || (outcome !== "refused" && outcome !== "deferred")) return [];
    // defence: rejected-by-rcpt-alone
    if (!isAboutRecipient(reply)) return [];
    const facts = { ...decidedAt(reply), reply, recipient: address };
    return [new TransportError(`<${address}> was ${outcome}: ${describeReply(reply)}`, facts)];
  });
}

export function transportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  if (error instanceof MailError) return new TransportError(error.message, factsOf(error), error);
  // Nodemailer's own error, or a plugin's: reading the composed message can fail.
  const message = error instanceof Error ? error.message : String(error);
  return new TransportError(message, { code: codeOfOther(error), command: "API", originalCode: codeOf(error) }, error);
}

/** `failure` ended the message's stream. If `error` is a `MailError`, it has the receipt; if it has another cause, it is about something else. */
export function streamError(error: unknown, failure: Error): TransportError {
  if (error instanceof MailError && error.cause !== failure) return transportError(error);
  const facts = { code: "ESTREAM" as const, command: "API", originalCode: codeOf(failure) };
  return new TransportError(`The message could not be read: ${failure.message}`, facts, error);
}

/** `reason` is the signal's. If the mailer did not have the message yet, there is no error of ours. */
export function abortError(error: unknown, reason: unknown): TransportError {
  if (error instanceof MailError) return transportError(error);
  return new TransportError("The send was aborted. Nothing was taken.", { code: "EABORT" }, reason);
}

/** An outbox says whether the same call may work later: then applications send again, and nothing was queued twice. */
function codeOfOther(error: unknown): NodemailerCode {
  if (!(codeOf(error)?.startsWith("OUTBOX_") ?? false)) return "ESTREAM";
  return error instanceof Error && Reflect.get(error, "disposition") === "retry" ? "ECONNECTION" : "EMESSAGE";
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : undefined;
}

function factsOf(error: MailError): TransportErrorFacts {
  if (error instanceof ReplyError) return { ...decidedAt(error.reply), reply: error.reply };
  if (error instanceof AuthenticationError) {
    return { code: "EAUTH", command: `AUTH ${error.mechanism ?? ""}`.trim(), reply: error.reply };
  }
  if (error instanceof NetworkError) {
    const originalCode = error.cause instanceof Error ? codeOf(error.cause) : undefined;
    return { code: networkCode(error), command: "CONN", originalCode };
  }
  if (error instanceof TlsError) {
    return { code: "ETLS", command: "STARTTLS", reply: bare(error.replyCode, error.evidence) };
  }
  if (error instanceof ProtocolError) return { code: "EPROTOCOL", command: "CONN" };
  if (error instanceof CapabilityError) {
    if (error.keyword === "REQUIRETLS") return { code: "EREQUIRETLS", command: "MAIL FROM" };
    // If the server cannot take an address or a notification, the message is not at fault.
    const isEnvelope = error.keyword === "SMTPUTF8" || error.keyword === "DSN";
    return { code: isEnvelope ? "EENVELOPE" : "EMESSAGE", command: "MAIL FROM" };
  }
  return byCode(error.code);
}

function byCode(code: MailErrorCode): TransportErrorFacts {
  switch (code) {
    case "MAIL_INPUT_ADDRESS":
      return { code: "EENVELOPE", command: "API" };
    case "MAIL_ABORTED":
      return { code: "EABORT" };
    case "MAIL_OUTCOME_UNKNOWN":
      // Neither ECONNECTION nor ETIMEDOUT, although a connection was lost: on those, applications send again, and deliver twice.
      // defence: no-code-that-means-again
      return { code: "EMESSAGE", command: "DATA" };
    case "MAIL_SESSION_SPENT":
      return { code: "ECONNECTION", command: "API" };
    case "MAIL_INPUT_OPTION":
    case "MAIL_INPUT_URL":
    case "MAIL_RUNTIME_UNSUPPORTED":
      return { code: "ECONFIG", command: "API" };
    default:
      return { code: "EMESSAGE", command: "API" };
  }
}

function networkCode({ code, cause }: NetworkError): NodemailerCode {
  if (code === "MAIL_NETWORK_TIMEOUT") return "ETIMEDOUT";
  if (code === "MAIL_NETWORK_LOST") return "ECONNECTION";
  const system: unknown = cause instanceof Error ? Reflect.get(cause, "syscall") : undefined;
  return system === "getaddrinfo" ? "EDNS" : "ESOCKET";
}

function bare(code: number | undefined, text: string | undefined): ReplyFacts | undefined {
  return code === undefined ? undefined : { code, text: (text ?? "").replace(/^\d{3} ?/, "") };
}

function isPermanent({ code }: ReplyFacts): boolean {
  return code >= 500 && code !== 503;
}

/** The disposition if there is no error of ours beneath: after a closed transport or an abort the same may be sent again. */
function withoutOurs({ code, reply }: TransportErrorFacts): Disposition {
  if (reply !== undefined) return reply.code < 500 ? "retry" : "give-up";
  return code === "ECONNECTION" || code === "EABORT" ? "retry" : "give-up";
}
