/** Which command was refused. A receipt has the reply but not its command, so the reply has to show it. */
import type { Receipt, ReplyFacts } from "../../outcome/receipt.ts";

export type Refused =
  | { readonly code: "EENVELOPE"; readonly command: "MAIL FROM" | "RCPT TO" }
  | { readonly code: "EMESSAGE"; readonly command: "DATA" };

const SENDER: Refused = { code: "EENVELOPE", command: "MAIL FROM" };
const RECIPIENT: Refused = { code: "EENVELOPE", command: "RCPT TO" };
const MESSAGE: Refused = { code: "EMESSAGE", command: "DATA" };

/** If recipients have different replies, each was decided by RCPT: MAIL and the message are answered once for all. */
export function decidedAt(reply: ReplyFacts, receipt: Receipt | undefined): Refused {
  const recipients = receipt?.recipients ?? [];
  const same = recipients.every((one) => one.reply?.code === reply.code && one.reply.text === reply.text);
  return same ? byReply(reply) : RECIPIENT;
}

/** By the subject of the enhanced status code (RFC 3463 section 3), or else by the commands for which RFC 5321 section 4.3.2 lists the code. */
function byReply({ code, enhanced }: ReplyFacts): Refused {
  const [, subject = "", detail = ""] = enhanced?.split(".") ?? [];
  switch (subject) {
    case "1":
      return detail === "7" || detail === "8" ? SENDER : RECIPIENT;
    case "2":
      return RECIPIENT;
    case "3":
    case "6":
      return MESSAGE;
    default:
      return code === 552 || code === 554 ? MESSAGE : RECIPIENT;
  }
}
