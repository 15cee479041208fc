/** `postseal send`: sends one message, and reports what became of it. */
import type { Arguments } from "../arguments.ts";
import { interruptible } from "../interruption.ts";
import { messageOptions, type sendOptions } from "./options.ts";
import { sendingOf, settingsOf } from "./mailer.ts";
import { messageOf } from "./message.ts";
import { errors } from "../output.ts";
import { ProgressBar } from "./progress.ts";
import { reasonOf } from "../reason.ts";
import type { Result } from "../result/result.ts";
import { tell } from "../result/tell.ts";
import { wordAfterSilence } from "./silence.ts";
import { traceWhere } from "./trace.ts";

/** Prints the result, and returns the exit code. Throws if the command line is wrong. */
export async function send(given: Arguments<keyof typeof sendOptions>): Promise<number> {
  return tell(await sent(given), given.has("json"));
}

function tellPerson(line: string): void {
  if (errors.isTerminal) errors.line(line);
}

async function sent(given: Arguments<keyof typeof sendOptions>): Promise<Result> {
  const { signal, release } = interruptible(given.one("timeout"));
  // A bar would overwrite the lines of the trace.
  const bar = given.has("trace") ? undefined : new ProgressBar(errors);
  try {
    const settings = settingsOf(given, messageOptions);
    const { mailer, own, words } = await sendingOf(given, { from: given.one("from"), settings });
    const message = await messageOf(given, own, { stdin: process.stdin, signal, say: tellPerson });
    using _ = (await traceWhere(given, errors)) ?? (await wordAfterSilence(errors));
    try {
      return { kind: "sent", receipt: await mailer.send(message, { signal, progress: bar?.progress }) };
    } catch (error) {
      const { receiptOf } = await import("@postseal/mailer");
      return { kind: "failed", error: reasonOf(error), receipt: receiptOf(error), words };
    } finally {
      bar?.clear();
      await mailer.close();
    }
  } finally {
    // Not before QUIT: a Ctrl-C meanwhile does not change what became of the message, and must not stop the report.
    release();
  }
}
