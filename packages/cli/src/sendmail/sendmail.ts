/** `postseal sendmail`: takes a message as sendmail does, and delivers it at once, sealed; if it cannot, the exit code says why. */
import { buffer } from "node:stream/consumers";
import { addAbortSignal } from "node:stream";
import type { Mailer } from "@postseal/mailer";
import type { Account } from "../account/account.ts";
import type { Configuration } from "../account/configuration.ts";
import { Arguments } from "../arguments.ts";
import { interruptible } from "../interruption.ts";
import { jsonOf } from "../result/json.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { sendmailWords } from "../result/own-words.ts";
import { reasonOf } from "../reason.ts";
import { writeReport, writeUndelivered } from "../result/report.ts";
import type { Result } from "../result/result.ts";
import { exitStatusOf } from "./exit-status.ts";
import { Names } from "./names.ts";
import { parseSource } from "./source.ts";
import { senderOf, submissionOf } from "./submission.ts";
import { parseWords, type SendmailWords } from "./words.ts";

/** Returns the exit code. */
export async function sendmail(argv: readonly string[], showPage: () => Promise<void>): Promise<number> {
  const { signal, release } = interruptible();
  try {
    const words = parseWords(argv);
    if (words.help) {
      await showPage();
      return exits.done.code;
    }
    return tell(await submit(words, signal), words);
  } catch (error) {
    return tell({ kind: "failed", error: reasonOf(error) }, { json: argv.includes("--json"), verbose: false });
  } finally {
    release();
  }
}

async function submit(words: SendmailWords, signal: AbortSignal): Promise<Result> {
  // Read first, and to its end: SIGPIPE would kill a program that is still writing, and nobody would see our error.
  const octets = await readInput(signal);
  const source = parseSource(octets, words.dotEnds);
  const { configuration, account, mailer } = await sendingOf(words, senderOf(source, words));
  try {
    const own = account?.from.find((address) => !address.startsWith("@"));
    const message = submissionOf(source, words, { names: new Names(configuration), own });
    return { kind: "sent", receipt: await mailer.send(message, { signal }) };
  } catch (error) {
    const { receiptOf } = await import("@postseal/mailer");
    return { kind: "failed", error: reasonOf(error), receipt: receiptOf(error) };
  } finally {
    await mailer.close();
  }
}

async function readInput(signal: AbortSignal): Promise<Uint8Array> {
  try {
    return await buffer(addAbortSignal(signal, process.stdin));
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

interface Sending {
  readonly configuration: Configuration;
  /** `undefined` if POSTSEAL_URL names the server. */
  readonly account: Account | undefined;
  readonly mailer: Mailer;
}

async function sendingOf(words: SendmailWords, sender: string | undefined): Promise<Sending> {
  const { configurationPaths, readConfiguration } = await import("../account/configuration-file.ts");
  const configuration = await readConfiguration(configurationPaths(process.env));
  if (words.account === undefined && (process.env["POSTSEAL_URL"] ?? "").trim() !== "") {
    const { mailerOf } = await import("../mail/mailer.ts");
    return { configuration, account: undefined, mailer: await mailerOf(new Arguments(new Map())) };
  }
  const { accountFor, accountNamed } = await import("../account/choice.ts");
  const account =
    words.account === undefined ? accountFor(sender, configuration) : accountNamed(words.account, configuration);
  const { mailerOfAccount } = await import("../account/account-mailer.ts");
  return { configuration, account, mailer: await mailerOfAccount(account, process.env) };
}

/** Silent if all is well, as sendmail is: cron mails whatever is printed. */
function tell(result: Result, { json, verbose }: Pick<SendmailWords, "json" | "verbose">): number {
  const exitCode = exitStatusOf(result);
  if (json) output.json(jsonOf(result, exitCode, sendmailWords));
  else if (result.kind === "sent" && exitCode !== exits.done.code) writeUndelivered(result.receipt, exitCode);
  else if (result.kind !== "sent" || verbose) writeReport(result, exitCode, sendmailWords);
  return exitCode;
}
