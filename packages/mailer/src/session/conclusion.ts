/** Turns the outcomes of a message into what the caller gets: a receipt, or an error that carries the same receipt. */
import { AbortedError } from "../errors/aborted-error.ts";
import { FaultError } from "../errors/fault-error.ts";
import { copyOf, MailError } from "../errors/mail-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { ReplyError } from "../errors/reply-error.ts";
import { UnknownOutcomeError } from "../errors/unknown-outcome-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { Receipt, RecipientOutcome, ReplyFacts } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";
import type { Capabilities } from "../protocol/capabilities.ts";
import { describeReply } from "../wire/reply.ts";

/** All of it is frozen, since observers get the same receipt as the caller. */
export function receiptFor(
  message: PreparedMessage,
  recipients: readonly RecipientOutcome[],
  seal: Seal | undefined,
): Receipt {
  for (const recipient of recipients) Object.freeze(recipient);
  Object.freeze(recipients);
  const {
    messageId,
    envelope: { reversePath: sender },
  } = message;
  // An absent field stays absent: a printed receipt should not say "undefined".
  if (seal === undefined)
    return Object.freeze(messageId === undefined ? { sender, recipients } : { messageId, sender, recipients });
  return Object.freeze(
    messageId === undefined ? { sender, recipients, seal } : { messageId, sender, recipients, seal },
  );
}

/** For a message that was not begun: every recipient is unsent. */
export function unsentReceipt(message: PreparedMessage): Receipt {
  return receiptFor(
    message,
    message.envelope.forwardPaths.map((address) => ({ address, outcome: "unsent" })),
    undefined,
  );
}

/** The server that answered. */
export interface Answering {
  /** As errors name it. */
  readonly peer: string;
  /** Nobody logged in, although the server offers that. */
  readonly wantsLogin: boolean;
}

export function mayWantLogin(session: {
  readonly mechanism: string | undefined;
  readonly capabilities: Capabilities;
}): boolean {
  const { mechanism, capabilities } = session;
  return mechanism === undefined && capabilities.has("AUTH");
}

/** Returns the receipt if at least one recipient was accepted; else throws an error that carries it. */
export function conclude(receipt: Receipt, failure: unknown, server: Answering): Receipt {
  if (receipt.recipients.some(({ outcome }) => outcome === "accepted")) return receipt;
  throw withReceipt(errorFor(receipt, failure, server), receipt);
}

/** The error to throw for a message: one that no other message shares, with this receipt. */
export function withReceipt(error: unknown, receipt: Receipt): MailError {
  const unknown = receipt.recipients.some(({ outcome }) => outcome === "unknown");
  const own = ownError(error, unknown);
  own.receipt = receipt;
  return own;
}

function ownError(error: unknown, unknown: boolean): MailError {
  // defence: fault-is-no-abort
  if (error instanceof AbortedError) return new AbortedError(error.cause, unknown);
  if (!(error instanceof MailError)) return new FaultError(error, unknown);
  return error.receipt === undefined ? error : copyOf(error);
}

/** An abort or a fault comes first; then an unknown outcome; then what the server said, even if the connection ended after it. */
function errorFor(receipt: Receipt, failure: unknown, server: Answering): unknown {
  const { recipients } = receipt;
  if (failure instanceof AbortedError || (failure !== undefined && !(failure instanceof MailError))) return failure;
  if (recipients.some(({ outcome }) => outcome === "unknown")) return new UnknownOutcomeError(server.peer, failure);
  const decided = recipients.every(({ outcome }) => outcome === "deferred" || outcome === "refused");
  return failure === undefined || decided ? refusal(receipt, server, failure) : failure;
}

function refusal(receipt: Receipt, { peer, wantsLogin }: Answering, cause: unknown): MailError {
  const { recipients } = receipt;
  const decisive =
    recipients.find((one) => one.outcome === "deferred") ?? recipients.find((one) => one.outcome === "refused");
  if (decisive?.reply === undefined) {
    return new NetworkError(
      "MAIL_NETWORK_LOST",
      "envelope",
      `${peer} closed the session before it took the message. Nothing was taken; it may be sent again.`,
    );
  }
  const whom =
    recipients.length === 1
      ? `<${decisive.address}>`
      : `any of ${recipients.length} recipients; the first is <${decisive.address}>`;
  const said = `It said: "${describeReply(decisive.reply)}"`;
  const login = wantsLogin && isAboutLogin(decisive.reply);
  return decisive.outcome === "deferred"
    ? new ReplyError(
        "MAIL_DEFERRED",
        `${peer} did not take the message for ${whom}, for now. ${login ? LOG_IN : "Send it again later."} ${said}`,
        decisive.reply,
        cause,
      )
    : new ReplyError(
        "MAIL_REFUSED",
        `${peer} refused the message for ${whom}. ${login ? LOG_IN : "Sending the same again will not help."} ${said}`,
        decisive.reply,
        cause,
      );
}

const LOG_IN = "You did not log in, and this server offers AUTH: give credentials.";

/** What servers answer to a client that they do not know: 530 (RFC 4954 section 6), or that they do not relay for it (RFC 3463: X.7.1). */
function isAboutLogin({ code, enhanced, stage }: ReplyFacts): boolean {
  if (code === 530) return true;
  if (stage !== "mail" && stage !== "recipient") return false;
  return code === 554 || code === 454 || (code >= 500 && enhanced?.startsWith("5.7.") === true);
}
