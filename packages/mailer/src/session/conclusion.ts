/** Turns the outcomes of a message into what the caller gets: a receipt, or an error that carries the same receipt. */
import { AbortedError } from "../errors/aborted-error.ts";
import { FaultError } from "../errors/fault-error.ts";
import { copyOf, MailError } from "../errors/mail-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { ReplyError } from "../errors/reply-error.ts";
import { UnknownOutcomeError } from "../errors/unknown-outcome-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { Receipt, RecipientOutcome } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";
import { describeReply } from "../wire/reply.ts";

/** All of it is frozen, since observers get the same receipt as the caller. */
export function receiptFor(
  message: PreparedMessage,
  recipients: readonly RecipientOutcome[],
  seal: Seal | undefined,
): Receipt {
  for (const recipient of recipients) Object.freeze(recipient);
  Object.freeze(recipients);
  const { messageId, envelope } = message;
  const facts = { sender: envelope.reversePath, recipients };
  // An absent field stays absent: a printed receipt should not say "undefined".
  if (seal === undefined) return Object.freeze(messageId === undefined ? facts : { messageId, ...facts });
  return Object.freeze(messageId === undefined ? { ...facts, seal } : { messageId, ...facts, seal });
}

/** For a message that was not begun: every recipient is unsent. */
export function unsentReceipt(message: PreparedMessage): Receipt {
  return receiptFor(
    message,
    message.envelope.forwardPaths.map((address) => ({ address, outcome: "unsent" })),
    undefined,
  );
}

/** Returns the receipt if at least one recipient was accepted; else throws an error that carries it. */
export function conclude(receipt: Receipt, failure: unknown, peer: string): Receipt {
  if (receipt.recipients.some(({ outcome }) => outcome === "accepted")) return receipt;
  throw withReceipt(errorFor(receipt, failure, peer), receipt);
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
function errorFor(receipt: Receipt, failure: unknown, peer: string): unknown {
  const { recipients } = receipt;
  if (failure instanceof AbortedError || (failure !== undefined && !(failure instanceof MailError))) return failure;
  if (recipients.some(({ outcome }) => outcome === "unknown")) return new UnknownOutcomeError(peer, failure);
  const decided = recipients.every(({ outcome }) => outcome === "deferred" || outcome === "refused");
  return failure === undefined || decided ? refusal(receipt, peer, failure) : failure;
}

function refusal(receipt: Receipt, peer: string, cause: unknown): MailError {
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
  return decisive.outcome === "deferred"
    ? new ReplyError(
        "MAIL_DEFERRED",
        `${peer} did not take the message for ${whom}, for now. Send it again later. ${said}`,
        decisive.reply,
        cause,
      )
    : new ReplyError(
        "MAIL_REFUSED",
        `${peer} refused the message for ${whom}. Sending the same again will not help. ${said}`,
        decisive.reply,
        cause,
      );
}
