/** `postseal account list`: the accounts, and how it stands with their sign-ins. */
import type { Arguments } from "../arguments.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import type { Account } from "./account.ts";
import { configurationPaths, readConfiguration, searched } from "./configuration-file.ts";

/** Connects to nothing. Returns the exit code. Throws `CommandError`. */
export async function list(given: Arguments<"json">): Promise<number> {
  const { accounts } = await readConfiguration(configurationPaths(process.env));
  const listed = await Promise.all(accounts.map(async (account) => ({ account, signIn: await signInOf(account) })));
  if (given.has("json")) {
    output.json({ ok: true, exitCode: exits.done.code, accounts: listed.map(factsOf) });
    return exits.done.code;
  }
  if (accounts.length === 0)
    output.line(`there are no accounts: postseal account add makes one. There is none in ${searched(process.env)}`);
  for (const { account, signIn } of listed) {
    const { username } = account;
    output.line(
      `${account.name.padEnd(11)} ${username === undefined ? "" : `${username} at `}${serverOf(account)}, ${loginOf(account)}`,
    );
    if (signIn !== undefined) output.line(`${" ".repeat(11)} ${signIn.words}`);
  }
  return exits.done.code;
}

interface SignInFacts {
  readonly words: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** `undefined` if the account does not sign in. */
async function signInOf(account: Account): Promise<SignInFacts | undefined> {
  if (account.oauth === undefined) return undefined;
  const { describeSignIn } = await import("../oauth/description.ts");
  return describeSignIn(account, process.env);
}

function serverOf({ server }: Account): string {
  return "host" in server ? server.host : URL.canParse(server.url) ? new URL(server.url).host : server.url;
}

function loginOf({ secret, oauth, mechanism, username }: Account): string {
  if (oauth !== undefined) return `by OAuth (${oauth.issuer})`;
  if (mechanism === "EXTERNAL") return "by client certificate";
  if (secret === undefined || username === undefined) return "without a login";
  return `by ${secret.use}`;
}

function factsOf({ account, signIn }: { readonly account: Account; readonly signIn: SignInFacts | undefined }): object {
  const { name, file, username } = account;
  return { name, file, server: serverOf(account), username, login: loginOf(account), signIn: signIn?.facts };
}
