/** `postseal account sign-out`: the issuer withdraws the sign-in, and the tokens are removed. */
import type { TokenStore } from "@postseal/oauth";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { tell } from "../result/tell.ts";
import { accountToSignIn } from "./chosen-account.ts";
import { clientOf } from "./client.ts";
import { httpsOf, issuerOf } from "./issuer.ts";
import type { signOutOptions } from "./options.ts";
import type { Around, SigningAccount } from "./signing-account.ts";
import { storeOf } from "./token-source.ts";

/** Returns the exit code. Throws `CommandError`. */
export async function signOut(given: Arguments<keyof typeof signOutOptions>): Promise<number> {
  const account = await accountToSignIn(given.words[0], process.env);
  const { application } = account.oauth;
  if (application.acts === "service-account" || application.acts === "itself") {
    const what = `the account ${account.name} keeps no tokens: take its application away at the issuer`;
    throw new CommandError("CLI_USAGE", `${what}, and remove the account from ${account.file}`);
  }
  const around = { environment: process.env };
  const store = await storeOf(account, around);
  const isJson = given.has("json");
  try {
    const became = await outcomeOf(account, store, around);
    if (isJson) output.json({ ok: true, exitCode: exits.done.code, account: account.name, became });
    else output.line(`${account.name}: ${WORDS[became]}`);
    return exits.done.code;
  } catch (error) {
    return tell({ kind: "failed", error }, isJson);
  }
}

async function outcomeOf(account: SigningAccount, store: TokenStore, around: Around): Promise<keyof typeof WORDS> {
  const kept = await store.read();
  if (kept === undefined) return "none";
  if (kept.ended === undefined) return withdrawn(account, around);
  await store.remove();
  return "ended";
}

const WORDS = {
  none: "nobody was signed in",
  ended: "the sign-in had ended already; the tokens are removed",
  revoked: "signed out; the issuer has withdrawn the sign-in, and the tokens are removed",
  removed:
    "the tokens are removed. The issuer has no way to withdraw the sign-in from here: do it on its page about applications that have access",
} as const;

async function withdrawn(account: SigningAccount, around: Around): Promise<"revoked" | "removed"> {
  const { signOut: withdraw } = await import("@postseal/oauth");
  const { application } = account.oauth;
  if (application.acts === "service-account") throw new TypeError("nobody signs in with a service account");
  return withdraw({
    issuer: await issuerOf(account),
    client: await clientOf(account, application, around),
    store: await storeOf(account, around),
    https: await httpsOf(account),
  });
}
