/** From what a transaction found to what the caller is told: a receipt, or an error that carries the same receipt. */
import { MailError } from "../errors/mail-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { ReplyError } from "../errors/reply-error.ts";
import { UnknownOutcomeError } from "../errors/unknown-outcome-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import { attachReceipt } from "../outcome/receipt-of.ts";
import type { Receipt, RecipientOutcome } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";
import { describeReply } from "../wire/reply.ts";

export function receiptFor(
  message: PreparedMessage,
  recipients: readonly RecipientOutcome[],
  seal: Seal | undefined,
): Receipt {
  return {
    ...(message.messageId === undefined ? {} : { messageId: message.messageId }),
    sender: message.envelope.reversePath,
    recipients,
    ...(seal === undefined ? {} : { seal }),
  };
}

/** Nothing was begun: every recipient is unsent. */
export function unsentReceipt(message: PreparedMessage): Receipt {
  return receiptFor(
    message,
    message.envelope.forwardPaths.map((address) => ({ address, outcome: "unsent" })),
    undefined,
  );
}

/** The receipt, if at least one recipient was accepted; else throws. An abort throws the signal's own reason. */
export function conclude(receipt: Receipt, failure: unknown, peer: string): Receipt {
  const has = (outcome: RecipientOutcome["outcome"]): boolean =>
    receipt.recipients.some((one) => one.outcome === outcome);
  if (has("accepted")) return receipt;
  const aborted = failure !== undefined && !(failure instanceof MailError);
  const error =
    has("unknown") && !aborted ? new UnknownOutcomeError(peer, failure) : (failure ?? refusal(receipt, peer));
  throw attachReceipt(error, receipt);
}

function refusal(receipt: Receipt, peer: string): MailError {
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
      )
    : new ReplyError(
        "MAIL_REFUSED",
        `${peer} refused the message for ${whom}. Sending the same again will not help. ${said}`,
        decisive.reply,
      );
}
