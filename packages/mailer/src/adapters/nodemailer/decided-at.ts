/** Which command was refused, in Nodemailer's words. */
import type { ReplyFacts, Stage } from "../../outcome/receipt.ts";

export interface Refused {
  readonly code: "EENVELOPE" | "EMESSAGE";
  readonly command: "MAIL FROM" | "RCPT TO" | "DATA";
}

/** As Nodemailer 10.6 has them. */
const REFUSED: Readonly<Record<Stage, Refused>> = {
  mail: { code: "EENVELOPE", command: "MAIL FROM" },
  recipient: { code: "EENVELOPE", command: "RCPT TO" },
  data: { code: "EENVELOPE", command: "DATA" },
  message: { code: "EMESSAGE", command: "DATA" },
};

export function decidedAt({ stage = "message" }: ReplyFacts): Refused {
  return REFUSED[stage];
}

/** Whether the reply is about one address. A list of addresses that do not exist is made of these, and of nothing else. */
export function isAboutRecipient({ stage }: ReplyFacts): boolean {
  return stage === "recipient";
}
