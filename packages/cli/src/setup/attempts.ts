/** Tries the drafts of an account one after another, and lets a person trust the key of a private server. */
import type { Verification } from "@postseal/mailer";
import type { DraftAccount } from "../account/draft.ts";
import { interruptible } from "../interruption.ts";
import type { Arguments } from "../arguments.ts";
import { traceWhere } from "../mail/trace.ts";
import { wordAfterSilence } from "../mail/silence.ts";
import { errors } from "../output.ts";
import type { Dialogue } from "./dialogue.ts";
import { type Attempt, pinShown, tryAccount } from "./trial.ts";

export interface Tried {
  readonly draft: DraftAccount;
  readonly verification: Verification;
}

interface Trying {
  readonly file: string;
  /** --timeout counts for each attempt, since questions in between take their time. */
  readonly given: Arguments<"timeout" | "trace">;
  readonly dialogue: Dialogue | undefined;
  /** The pins that a person has compared: they are not asked about again if only the password was wrong. */
  readonly compared: Set<string>;
}

/** TLS is verified whichever way it begins, so trying the other way weakens nothing. */
export async function firstThatWorks(drafts: readonly DraftAccount[], trying: Trying): Promise<Tried> {
  const { file, given, dialogue } = trying;
  const [draft, ...others] = drafts;
  if (draft === undefined) throw new TypeError("there is nothing to try");
  const { signal, release } = interruptible(given.one("timeout"));
  try {
    const server = draft.keys.get("server");
    dialogue?.say(typeof server === "string" && others.length > 0 ? `Trying ${server} …` : "Logging in …");
    using _ =
      (await traceWhere(given, errors)) ?? (dialogue === undefined ? undefined : await wordAfterSilence(errors));
    return await trialOf({ draft, file, signal }, trying);
  } catch (error) {
    if (others.length === 0 || signal.aborted || !isOtherWay(error)) throw error;
  } finally {
    release();
  }
  return firstThatWorks(others, trying);
}

/** Nothing listens there, or what listens begins otherwise. */
function isOtherWay(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return /^MAIL_NETWORK_|^MAIL_TLS_(?:NOT_SPOKEN|HANDSHAKE)$/.test(code);
}

/** If no authority vouches for the server, its key may be trusted instead, once a person has compared it. */
async function trialOf(attempt: Attempt, { dialogue, compared }: Trying): Promise<Tried> {
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
      !(compared.has(pin) || (await isCompared(error.message, pin, dialogue)))
    )
      throw error;
    compared.add(pin);
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
