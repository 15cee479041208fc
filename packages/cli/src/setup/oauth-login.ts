/** The login of a new account that signs in by OAuth. The tokens stay in memory until the account is written. */
import type { DraftAccount } from "../account/draft.ts";
import { isKnown } from "../account/oauth-keys.ts";
import { CommandError } from "../command-error.ts";
import { interruptible } from "../interruption.ts";
import { signInFor } from "../oauth/sign-in-for.ts";
import { isSigning } from "../oauth/signing-account.ts";
import { applicationOf } from "./application-question.ts";
import type { Questions } from "./questions.ts";
import type { LoginAnswer } from "./secret-question.ts";
import { accountOfDraft } from "./trial.ts";

interface Wanted {
  /** The configuration file that the account will be added to. */
  readonly file: string;
  readonly name: string;
  readonly address: string;
  /** The account as it is known so far. */
  readonly keys: DraftAccount["keys"];
}

/** Throws `CommandError`, `OAuthError` and `Interruption`. */
export async function oauthLoginOf(questions: Questions, { file, name, address, keys }: Wanted): Promise<LoginAnswer> {
  const { given, dialogue } = questions;
  const issuer = given.one("oauth") ?? "";
  const { table, clientSecret, isPersonal } = await applicationOf(questions, { issuer, name, address });
  const login: LoginAnswer = {
    keys: [...(isKnown(issuer) ? [["mechanism", "XOAUTH2"] as const] : []), ["oauth", { issuer, ...table }]],
    clientSecret,
  };
  // Everything that is wrong shows before anybody opens a browser.
  const account = accountOfDraft({ name, keys: new Map([...keys, ...login.keys]) }, file);
  if (!isSigning(account))
    throw new CommandError("CLI_USAGE", "there is nobody to sign in: name the user (--username USER)");
  const { application } = account.oauth;
  if (!isPersonal || application.acts === "service-account") return login;
  const { memoryStore } = await import("@postseal/oauth");
  const tokens = memoryStore();
  const { signal, release } = interruptible(given.one("timeout"));
  try {
    const isDevice = given.has("device");
    const around = { environment: process.env, clientSecret, tokens };
    await signInFor(account, { application, ...around, isDevice, dialogue, signal });
  } finally {
    release();
  }
  return { ...login, tokens };
}
