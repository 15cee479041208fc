/** The result of `sendMail`: the fields of Nodemailer's SMTP transport, and what only Postseal knows. */
import type { Receipt, RecipientOutcome } from "../../outcome/receipt.ts";
import type { Seal } from "../../outcome/seal.ts";
import { describeReply } from "../../wire/reply.ts";
import { rejectedErrors, type TransportError } from "./transport-error.ts";

/** A type, not an interface, so that it fits Nodemailer's own `SentMessageInfo`, which allows fields of any name. */
export type SentInfo = {
  readonly envelope: { from: string; to: string[] };
  /** With its angle brackets. */
  readonly messageId: string;
  readonly accepted: string[];
  /** The recipients whose RCPT was refused, for good or for now. */
  readonly rejected: string[];
  /** One error for each of them, with the reply. Absent if there are none. */
  readonly rejectedErrors?: TransportError[];
  /** All others that did not get it: no answer came, or sender or message were refused. `receipt` says which, and why. */
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
  const rejected = errors.map(({ recipient = "" }) => recipient);
  const named = new Set(rejected);
  const reply = accepted.find((one) => one.reply !== undefined)?.reply;
  return {
    envelope: { from: sender, to: recipients.map(addressOf) },
    messageId,
    accepted: accepted.map(addressOf),
    rejected,
    ...(errors.length === 0 ? {} : { rejectedErrors: errors }),
    pending: recipients.filter(({ address, outcome }) => outcome !== "accepted" && !named.has(address)).map(addressOf),
    response: reply === undefined ? "" : describeReply(reply),
    seal,
    receipt,
  };
}

function addressOf({ address }: RecipientOutcome): string {
  return address;
}
