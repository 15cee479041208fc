/** The outcomes that vectors ask for, in short. */
import type { MailErrorCode } from "@postseal/mailer";
import type { Expected } from "../../fixtures/vector.ts";

/** Nothing leaves the client that an attacker may not have, and it ends with one of these. */
export function held(...codes: readonly [MailErrorCode, ...MailErrorCode[]]): Expected {
  return { verdict: "held", codes };
}

export const delivered: Expected = { verdict: "delivered-sealed", codes: [] };

/** The message may have got through or not, and the client may not know. */
export function either(...codes: readonly MailErrorCode[]): Expected {
  return { verdict: "either", codes };
}

/** The server has the message, and has not said that it takes it. */
export const unknown: Expected = { verdict: "held", codes: ["MAIL_OUTCOME_UNKNOWN"], unknown: true };
