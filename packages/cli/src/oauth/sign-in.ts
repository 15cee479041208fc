/** `postseal account sign-in`: a person signs in for an account that exists. It is kept once the server has taken it. */
import type { Verification } from "@postseal/mailer";
import type { TokenStore } from "@postseal/oauth";
import { mailerOfAccount } from "../account/account-mailer.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { interruptible } from "../interruption.ts";
import { wordAfterSilence } from "../mail/silence.ts";
import { traceWhere } from "../mail/trace.ts";
import { errors, output } from "../output.ts";
import { reasonOf } from "../reason.ts";
import type { Result } from "../result/result.ts";
import { tell } from "../result/tell.ts";
import { TerminalDialogue } from "../setup/dialogue.ts";
import { accountToSignIn } from "./chosen-account.ts";
import type { signInOptions } from "./options.ts";
import { signInFor } from "./sign-in-for.ts";
import type { SigningAccount } from "./signing-account.ts";
import { storeOf } from "./token-source.ts";

type Given = Arguments<keyof typeof signInOptions>;

/** Prints the result, and returns the exit code. Throws if the command line or the configuration is wrong. */
export async function signIn(given: Given): Promise<number> {
  const account = await accountToSignIn(given.words[0], process.env);
  return tell(await signedIn(given, account), given.has("json"));
}

async function signedIn(given: Given, account: SigningAccount): Promise<Result> {
  const { signal, release } = interruptible(given.one("timeout"));
  try {
    const { memoryStore } = await import("@postseal/oauth");
    const tokens = memoryStore();
    await personSignsIn(account, { given, tokens, signal });
    return { kind: "verified", verification: await tried(account, { given, tokens, signal }) };
  } catch (error) {
    return { kind: "failed", error: reasonOf(error) };
  } finally {
    release();
  }
}

interface Trying {
  readonly given: Given;
  /** In memory, so that the last sign-in is still there if this one is of no use. */
  readonly tokens: TokenStore;
  readonly signal: AbortSignal;
}

async function personSignsIn(account: SigningAccount, { given, tokens, signal }: Trying): Promise<void> {
  const { application } = account.oauth;
  if (application.acts !== "person") {
    const what = `the account ${account.name} needs no sign-in: its application gets each token by itself`;
    throw new CommandError("CLI_USAGE", `${what}. postseal verify --account ${account.name} tries it`);
  }
  const isTerminal = process.stdin.isTTY && output.isTerminal && !given.has("json");
  await signInFor(account, {
    application,
    tokens,
    isDevice: given.has("device"),
    dialogue: isTerminal ? new TerminalDialogue(process.stdin) : undefined,
    environment: process.env,
    signal,
  });
}

/** A server that cannot be asked now does not undo a sign-in; one that refuses it does. */
async function tried(account: SigningAccount, { given, tokens, signal }: Trying): Promise<Verification> {
  const mailer = await mailerOfAccount(account, process.env, {}, { tokens });
  using _ = (await traceWhere(given, errors)) ?? (await wordAfterSilence(errors));
  try {
    const verification = await mailer.verify({ signal });
    await keep(account, tokens);
    return verification;
  } catch (error) {
    const isLater = error instanceof Error && "disposition" in error && error.disposition === "retry";
    if (isLater && !signal.aborted) await keep(account, tokens);
    throw error;
  }
}

async function keep(account: SigningAccount, tokens: TokenStore): Promise<void> {
  const granted = await tokens.read();
  if (granted === undefined) return;
  await (await storeOf(account, { environment: process.env })).update(async () => granted);
}
