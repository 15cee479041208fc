/** Errors about the sign-in of an account, with the command that mends it. */
import type { AuthenticationError } from "@postseal/mailer";
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
