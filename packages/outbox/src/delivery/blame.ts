/**
 * Whose failure it is. A submission server takes mail for every domain, so most of what goes wrong is about the account: then no
 * other message would fare better, and the account rests. A login that is refused is not repeated, since that locks accounts.
 */
import {
  AbortedError,
  AuthenticationError,
  CapabilityError,
  InputError,
  MailError,
  NetworkError,
  type Receipt,
  type ReplyFacts,
} from "@postseal/mailer";

export interface Blame {
  /** What the account does next; `served`: the server answered as servers do. */
  readonly account: "served" | "failing" | "locked" | undefined;
  /**
   * What becomes of the recipients to whom it was not sent: `release`: at once, on the next occasion; `defer`: later, and it counts;
   * `give-up`: it can never be sent.
   */
  readonly unsent: "release" | "defer" | "give-up";
}

/** By these, in answer to MAIL, a server limits the whole account (RFC 4954 section 6: 454 4.7.0). */
const ACCOUNT_CODES: ReadonlySet<number> = new Set([452, 454]);
const ACCOUNT_STATUS = /^4\.(?:7\.\d+|3\.2)$/;
/** RFC 4954 section 6, and RFC 3207 section 4: the server wants a login, or another one. */
const LOGIN_WANTED: ReadonlySet<number> = new Set([530, 534, 538]);
/** Others may pass: a store of secrets that is down, or a server that is being set up. */
const REFUSED_LOGINS: ReadonlySet<string> = new Set(["MAIL_AUTH_REFUSED", "MAIL_AUTH_SIGN_IN"]);

export function blame(receipt: Receipt | undefined, error: unknown): Blame {
  if (error instanceof AbortedError) return { account: undefined, unsent: "release" };
  if (error instanceof AuthenticationError) {
    // defence: refused-login-is-not-repeated
    const account = REFUSED_LOGINS.has(error.code) ? "locked" : "failing";
    return { account, unsent: "release" };
  }
  if (error instanceof CapabilityError) return { account: "served", unsent: "give-up" };
  if (error instanceof InputError) return { account: undefined, unsent: "give-up" };
  const replies = receipt?.recipients.flatMap(({ reply }) => (reply === undefined ? [] : [reply])) ?? [];
  // defence: login-wanted-is-no-refusal
  if (replies.some(wantsLogin)) return { account: "locked", unsent: "release" };
  if (replies.some(isAboutAccount)) return { account: "failing", unsent: "release" };
  if (error instanceof NetworkError) {
    // Perhaps it is this message that ends connections: it does not go first again.
    const isUnderWay = error.phase === "envelope" || error.phase === "body" || error.phase === "final-reply";
    return { account: "failing", unsent: isUnderWay ? "defer" : "release" };
  }
  if (replies.length > 0) return { account: "served", unsent: "release" };
  return {
    account: error instanceof MailError ? "failing" : undefined,
    unsent: error instanceof MailError ? "release" : "defer",
  };
}

/** Whether a reply to MAIL says nothing about the message and its recipients: then they are as they were. */
export function leavesUnsent(reply: ReplyFacts): boolean {
  return wantsLogin(reply) || (reply.stage === "mail" && isAboutAccount(reply));
}

function wantsLogin({ code, stage }: ReplyFacts): boolean {
  return stage === "mail" && LOGIN_WANTED.has(code);
}

function isAboutAccount({ code, enhanced, stage }: ReplyFacts): boolean {
  if (code === 421) return true;
  return stage === "mail" && (ACCOUNT_CODES.has(code) || (enhanced !== undefined && ACCOUNT_STATUS.test(enhanced)));
}
