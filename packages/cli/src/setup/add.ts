/** `postseal account add`: asks, finds the server, logs in over verified TLS, and only then writes. */
import type { Verification } from "@postseal/mailer";
import { addToConfiguration } from "../account/addition.ts";
import { userFile } from "../account/configuration-file.ts";
import type { DraftAccount, DraftValue } from "../account/draft.ts";
import { formatDraft } from "../account/draft-toml.ts";
import type { AddOption } from "../account/options.ts";
import type { Arguments } from "../arguments.ts";
import { interruptible } from "../interruption.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { writeReport } from "../result/report.ts";
import { type Dialogue, TerminalDialogue } from "./dialogue.ts";
import { networkSources } from "./discovery.ts";
import { addressOf, nameOf, type Questions, secretOf, serverOf } from "./questions.ts";
import { type Attempt, pinShown, tryAccount } from "./trial.ts";

/** Returns the exit code. Throws `CommandError` and what `verify` throws. */
export async function addAccount(given: Arguments<AddOption>): Promise<number> {
  const isTerminal = process.stdin.isTTY && output.isTerminal;
  const dialogue = isTerminal ? new TerminalDialogue(process.stdin) : undefined;
  const draft = await draftOf({ given, dialogue, sources: networkSources });
  const file = userFile(process.env);
  const { signal, release } = interruptible(given.one("timeout"));
  try {
    dialogue?.say("Logging in …");
    const tried = await trialOf({ draft, file, signal }, dialogue);
    await addToConfiguration(
      file,
      { accounts: [tried.draft], defaultAccount: undefined },
      formatDraft({ accounts: [tried.draft], defaultAccount: undefined }, "By postseal account add"),
    );
    tell(given, file, tried);
    return exits.done.code;
  } finally {
    release();
  }
}

async function draftOf(questions: Questions): Promise<DraftAccount> {
  const { given } = questions;
  const address = await addressOf(questions);
  const name = await nameOf(questions, address);
  const server = await serverOf(questions, address);
  const hasUser = URL.canParse(server) && new URL(server).username !== "";
  const { keys, secret } = hasUser ? await secretOf(questions, name) : { keys: [], secret: undefined };
  const demands: readonly (readonly [string, DraftValue | undefined])[] = [
    ["ca", given.one("ca")],
    ["ca-only", given.one("ca-only")],
    ["pins", given.has("pin") ? given.all("pin") : undefined],
    ["trust-pins", given.has("trust-pin") ? given.all("trust-pin") : undefined],
    ["min-tls", given.one("min-tls")],
    ["minimum", given.one("minimum")],
  ];
  const asked = demands.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  return {
    name,
    secret,
    keys: new Map<string, DraftValue>([["server", server], ["from", [address]], ...keys, ...asked]),
  };
}

interface Tried {
  readonly draft: DraftAccount;
  readonly verification: Verification;
}

/** If no authority vouches for the server, its key may be trusted instead, once a person has compared it. */
async function trialOf(attempt: Attempt, dialogue: Dialogue | undefined): Promise<Tried> {
  try {
    return { draft: attempt.draft, verification: await tryAccount(attempt) };
  } catch (error) {
    const reason = error instanceof Error && "reason" in error ? error.reason : undefined;
    const isPrivate = reason === "untrusted-issuer" || reason === "self-signed";
    const pin = isPrivate && dialogue !== undefined ? await pinShown(attempt) : undefined;
    if (
      dialogue === undefined ||
      pin === undefined ||
      !(error instanceof Error) ||
      !(await isCompared(error.message, pin, dialogue))
    )
      throw error;
    const draft = { ...attempt.draft, keys: new Map([...attempt.draft.keys, ["trust-pins", [pin]] as const]) };
    return { draft, verification: await tryAccount({ ...attempt, draft }) };
  }
}

async function isCompared(message: string, pin: string, dialogue: Dialogue): Promise<boolean> {
  dialogue.say(message);
  dialogue.say("");
  dialogue.say("If this is your own server: the server that answered has a key with this pin:");
  dialogue.say(`  ${pin}`);
  dialogue.say(
    "An attacker in between would show you the pin of another key. So compute the pin on the server itself, and compare:",
  );
  dialogue.say(
    "  openssl x509 -in CERTIFICATE -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -binary | openssl base64",
  );
  return dialogue.confirm("Is it the same pin, and should this key be trusted instead of an authority?");
}

function tell(given: Arguments<AddOption>, file: string, { draft, verification }: Tried): void {
  if (given.has("json")) {
    output.json({ ok: true, exitCode: exits.done.code, file, account: draft.name, verification });
    return;
  }
  writeReport({ kind: "verified", verification });
  output.line(`written     ${file}: [accounts.${draft.name}]`);
  const address = [draft.keys.get("from")].flat().find((one) => typeof one === "string") ?? "ADDRESS";
  output.line(`next        postseal send --from ${address} --to ADDRESS --text Hello`);
}
