/** `postseal verify`: connects, seals and logs in, and sends no mail. */
import type { Arguments } from "../arguments.ts";
import { interruptible } from "../interruption.ts";
import type { verifyOptions } from "./options.ts";
import { sendingOf } from "./mailer.ts";
import { errors } from "../output.ts";
import { reasonOf } from "../reason.ts";
import type { OwnWords } from "../result/own-words.ts";
import type { Result } from "../result/result.ts";
import { tell } from "../result/tell.ts";
import { wordAfterSilence } from "./silence.ts";
import { traceWhere } from "./trace.ts";

/** Prints the result, and returns the exit code. */
export async function verify(given: Arguments<keyof typeof verifyOptions>): Promise<number> {
  return tell(await verified(given), given.has("json"));
}

async function verified(given: Arguments<keyof typeof verifyOptions>): Promise<Result> {
  const { signal, release } = interruptible(given.one("timeout"));
  let words: OwnWords | undefined;
  try {
    const { mailer, words: own } = await sendingOf(given);
    words = own;
    using _ = (await traceWhere(given, errors)) ?? (await wordAfterSilence(errors));
    return { kind: "verified", verification: await mailer.verify({ signal }) };
  } catch (error) {
    return { kind: "failed", error: reasonOf(error), words };
  } finally {
    release();
  }
}
