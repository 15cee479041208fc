/** The result of `sendMail`: the fields of Nodemailer's SMTP transport, and what only Postseal knows. */
import type { Receipt, RecipientOutcome } from "../../outcome/receipt.ts";
import type { Seal } from "../../outcome/seal.ts";
import { describeReply } from "../../wire/reply.ts";
import { rejectedErrors, type TransportError } from "./transport-error.ts";

/** A type, not an interface, so that it fits Nodemailer's own `SentMessageInfo`, which allows fields of any name. */
export type SentInfo = {
  readonly envelope: { from: string | false; to: string[] };
  /** With its angle brackets. */
  readonly messageId: string;
  readonly accepted: string[];
  /** The recipients that a reply refused, for good or for now. `rejectedErrors` has the replies. */
  readonly rejected: string[];
  readonly rejectedErrors: TransportError[];
  /** The recipients without an answer. `receipt` says which are proved unsent, and which may have been taken. */
  readonly pending: string[];
  /** The reply that accepted the message, such as `250 2.0.0 Ok: queued as 4XyZ`. */
  readonly response: string;
  /** What TLS proved about the session that carried the message. */
  readonly seal: Seal | undefined;
  readonly receipt: Receipt;
};

export function sentInfo(receipt: Receipt, messageId: string): SentInfo {
  const { recipients, sender, seal } = receipt;
  const accepted = recipients.filter(({ outcome }) => outcome === "accepted");
  const errors = rejectedErrors(receipt);
  const reply = accepted.find((one) => one.reply !== undefined)?.reply;
  return {
    envelope: { from: sender === "" ? false : sender, to: recipients.map(addressOf) },
    messageId,
    accepted: accepted.map(addressOf),
    rejected: errors.map(({ recipient = "" }) => recipient),
    rejectedErrors: errors,
    pending: recipients.filter(({ outcome }) => outcome === "unsent" || outcome === "unknown").map(addressOf),
    response: reply === undefined ? "" : describeReply(reply),
    seal,
    receipt,
  };
}

function addressOf({ address }: RecipientOutcome): string {
  return address;
}
