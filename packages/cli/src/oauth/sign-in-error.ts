/** Errors about the sign-in of an account, with the command that mends it. */
import type { AuthenticationError } from "@postseal/mailer";
import type { StoredTokens } from "@postseal/oauth";
import type { SigningAccount } from "./signing-account.ts";

/** `what`: without its full stop. */
export async function signInError(
  { name }: Pick<SigningAccount, "name">,
  what: string,
  cause?: unknown,
): Promise<AuthenticationError> {
  const { AuthenticationError: Failure } = await import("@postseal/mailer");
  return new Failure("MAIL_AUTH_SIGN_IN", `${what}. Sign in: postseal account sign-in ${name}`, { cause });
}

const DAY = 86_400_000;

/** Why a sign-in may have ended, by its age, worded as a sentence; empty if that says nothing. */
export function likelyEnd(
  { oauth }: Pick<SigningAccount, "oauth">,
  { signedInAt, renewedAt, ended }: StoredTokens,
): string {
  const days = ((ended?.at ?? new Date()).getTime() - signedInAt.getTime()) / DAY;
  const idle = ((ended?.at ?? new Date()).getTime() - renewedAt.getTime()) / DAY;
  if (oauth.issuer === "google" && days > 6.5 && days < 8.5)
    return "Google ends it after 7 days as long as the application is in Testing: publish it (In production), then sign in again. ";
  if (oauth.issuer === "microsoft" && idle >= 90) return "Microsoft ends it if it is not used for 90 days. ";
  if (oauth.issuer === "google" && idle >= 180) return "Google ends it if it is not used for 6 months. ";
  return "";
}
