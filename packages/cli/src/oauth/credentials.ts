/** The credentials of an account that signs in by OAuth: its user, and a token that is fetched, kept and renewed. */
import type { CredentialsFunction, RefusedLogin } from "@postseal/mailer";
import { signInError } from "./sign-in-error.ts";
import type { Around, SigningAccount } from "./signing-account.ts";
import { storeOf, tokenSourceOf } from "./token-source.ts";

/** Neither reads nor asks anything before the mailer wants a token, which is after the server has proved who it is. */
export function credentialsByOauth(account: SigningAccount, around: Around): CredentialsFunction {
  let made: Promise<CredentialsFunction> | undefined;
  return async (facts) => {
    try {
      if (facts.refused !== undefined) await assertEnough(account, facts.refused, around);
      made ??= makeCredentials(account, around);
      return await (
        await made
      )(facts);
    } catch (error) {
      made = undefined;
      throw await inWordsOf(account, error);
    }
  };
}

async function makeCredentials(account: SigningAccount, around: Around): Promise<CredentialsFunction> {
  const { tokenCredentials } = await import("@postseal/oauth");
  return tokenCredentials(account.username, await tokenSourceOf(account, around));
}

/** Gmail says 400 and which scope it wants, if the token was granted another one: renewing it does not help. */
async function assertEnough(account: SigningAccount, { status, scope }: RefusedLogin, around: Around): Promise<void> {
  if (status !== "400" || scope === undefined || account.oauth.application.acts !== "person") return;
  const granted = (await (await storeOf(account, around)).read())?.scope;
  if (granted === undefined || granted.split(" ").includes(scope)) return;
  throw await signInError(
    account,
    `the server wants the scope ${scope}, and what was granted is ${granted}. Tick that box when you sign in again`,
  );
}

/** The error of a sign-in that has ended, with the command that mends it; any other error as it is. */
export async function inWordsOf(account: SigningAccount, error: unknown): Promise<unknown> {
  const { OAuthError } = await import("@postseal/oauth");
  if (!(error instanceof OAuthError) || error.code !== "MAIL_AUTH_SIGN_IN") return error;
  // The package cannot know how one signs in here.
  const said = error.message.replace(/ ?Sign in(?: again)?\./, "");
  return signInError(account, said.trim().replace(/\.$/, ""), error);
}
