/** What `sendMail` resolves with: the fields of Nodemailer's SMTP transport, and what only Postseal knows. */
import type { Receipt, RecipientOutcome } from "../../outcome/receipt.ts";
import type { Seal } from "../../outcome/seal.ts";
import { describeReply } from "../../wire/reply.ts";

/** A type, not an interface: so it fits Nodemailer's own `SentMessageInfo`, which has room for fields of any name. */
export type SentInfo = {
  readonly envelope: { from: string | false; to: string[] };
  /** With its angle brackets. */
  readonly messageId: string;
  readonly accepted: string[];
  /** Those that a reply refused, for good or for now: `rejectedErrors` has the replies. */
  readonly rejected: string[];
  readonly rejectedErrors: readonly RejectedRecipient[];
  /** Those that nobody answered for: `receipt` says which are proved unsent, and which may have been taken. */
  readonly pending: string[];
  /** The reply that accepted the message: `250 2.0.0 Ok: queued as 4XyZ`. */
  readonly response: string;
  /** What TLS proved about the session that carried the message. */
  readonly seal: Seal | undefined;
  readonly receipt: Receipt;
};

export interface RejectedRecipient {
  readonly recipient: string;
  readonly code: "EENVELOPE";
  readonly command: "RCPT TO";
  readonly response: string;
  readonly responseCode: number;
  /** Whether the reply was a 5yz. */
  readonly permanent: boolean;
}

export function sentInfo(receipt: Receipt, messageId: string): SentInfo {
  const { recipients, sender, seal } = receipt;
  const accepted = recipients.filter(({ outcome }) => outcome === "accepted");
  const rejectedErrors = rejectedRecipients(receipt);
  const reply = accepted.find((one) => one.reply !== undefined)?.reply;
  return {
    envelope: { from: sender === "" ? false : sender, to: recipients.map(addressOf) },
    messageId,
    accepted: accepted.map(addressOf),
    rejected: rejectedErrors.map(({ recipient }) => recipient),
    rejectedErrors,
    pending: recipients.filter(({ outcome }) => outcome === "unsent" || outcome === "unknown").map(addressOf),
    response: reply === undefined ? "" : describeReply(reply),
    seal,
    receipt,
  };
}

export function rejectedRecipients({ recipients }: Receipt): readonly RejectedRecipient[] {
  return recipients.flatMap(({ address, outcome, reply }) =>
    reply === undefined || (outcome !== "refused" && outcome !== "deferred")
      ? []
      : [
          {
            recipient: address,
            code: "EENVELOPE" as const,
            command: "RCPT TO" as const,
            response: describeReply(reply),
            responseCode: reply.code,
            permanent: outcome === "refused",
          },
        ],
  );
}

function addressOf({ address }: RecipientOutcome): string {
  return address;
}
