/** `postseal sendmail`: takes a message as sendmail does, and delivers it at once, sealed, or queues it; if it cannot, the exit code says why. */
import { buffer } from "node:stream/consumers";
import { addAbortSignal } from "node:stream";
import type { Mailer, ReadyMessage } from "@postseal/mailer";
import type { Account } from "../account/account.ts";
import type { Configuration } from "../account/configuration.ts";
import { usualSendmail } from "../account/sendmail-keys.ts";
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
import { Log } from "./log.ts";
import { Names } from "./names.ts";
import { parseSource } from "./source.ts";
import { senderOf, type Sending as SubmissionRules, submissionOf } from "./submission.ts";
import { parseWords, type SendmailWords } from "./words.ts";

/** Returns the exit code. */
export async function sendmail(argv: readonly string[], showPage: () => Promise<void>): Promise<number> {
  const { signal, release } = interruptible();
  const log = new Log();
  try {
    const words = parseWords(argv);
    if (words.help) {
      await showPage();
      return exits.done.code;
    }
    return await tellAndLog(await submit(words, signal, log), words, log);
  } catch (error) {
    const words = { json: argv.includes("--json"), verbose: false };
    return await tellAndLog({ kind: "failed", error: reasonOf(error) }, words, log);
  } finally {
    release();
  }
}

async function submit(words: SendmailWords, signal: AbortSignal, log: Log): Promise<Result> {
  // Read first, and to its end: SIGPIPE would kill a program that is still writing, and nobody would see our error.
  const octets = await readInput(signal);
  const source = parseSource(octets, words.dotEnds);
  const sending = await sendingOf(words, senderOf(source, words), log);
  const { configuration, account } = sending;
  const rules = { names: new Names(configuration), ...rulesOf(account) };
  const compose = (takesEightBit: boolean): ReadyMessage => {
    const message = submissionOf(source, words, { ...rules, takesEightBit });
    log.envelope(message.envelope);
    return message;
  };
  if (account?.outbox.queues !== true) return deliver(await sending.mailer(), compose, rules.mends, signal);
  const { queue } = await import("../outbox/queue.ts");
  // Nobody has asked the server yet what it takes.
  return { kind: "queued", queued: await queue(compose(false), account, { configuration }) };
}

/** `compose`: whether the server takes octets over 127; only the server says so, so it is asked first. */
async function deliver(
  mailer: Mailer,
  compose: (takesEightBit: boolean) => ReadyMessage,
  mends: boolean,
  signal: AbortSignal,
): Promise<Result> {
  try {
    const receipt = await mailer.send(compose(true), { signal }).catch((error: unknown) => {
      if (!mends || !isWithoutEightBit(error)) throw error;
      return mailer.send(compose(false), { signal });
    });
    return { kind: "sent", receipt };
  } catch (error) {
    const { receiptOf } = await import("@postseal/mailer");
    return { kind: "failed", error: reasonOf(error), receipt: receiptOf(error) };
  } finally {
    await mailer.close();
  }
}

/** The server does not take octets over 127. Nothing was sent. */
function isWithoutEightBit(error: unknown): boolean {
  return error instanceof Error && "keyword" in error && error.keyword === "8BITMIME";
}

/** What the account says about senders and mending. */
function rulesOf(account: Account | undefined): Omit<SubmissionRules, "names" | "takesEightBit"> {
  const { mends, alwaysOwn } = account?.sendmail ?? usualSendmail;
  const from = account?.from ?? [];
  const own = from.find((address) => !address.startsWith("@"));
  return { own, mends, replaces: alwaysOwn ? (address) => !isOneOf(address.toLowerCase(), from) : undefined };
}

/** `from`: addresses, and domains such as `@example.com`. */
function isOneOf(address: string, from: readonly string[]): boolean {
  return from.some((one) => [address, address.slice(address.lastIndexOf("@"))].includes(one.toLowerCase()));
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
  /** Not made for a message that is queued. */
  readonly mailer: () => Promise<Mailer>;
}

async function sendingOf(words: SendmailWords, sender: string | undefined, log: Log): Promise<Sending> {
  const { configurationPaths, readConfiguration } = await import("../account/configuration-file.ts");
  const configuration = await readConfiguration(configurationPaths(process.env));
  if (words.account === undefined && (process.env["POSTSEAL_URL"] ?? "").trim() !== "") {
    const { mailerOf } = await import("../mail/mailer.ts");
    return { configuration, account: undefined, mailer: () => mailerOf(new Arguments(new Map())) };
  }
  const { accountFor, accountNamed } = await import("../account/choice.ts");
  const account =
    words.account === undefined ? accountFor(sender, configuration) : accountNamed(words.account, configuration);
  // First, so that a mistake in the rest of the account is in its log.
  log.account(account);
  const { mailerOfAccount } = await import("../account/account-mailer.ts");
  return { configuration, account, mailer: () => mailerOfAccount(account, process.env) };
}

async function tellAndLog(result: Result, words: Pick<SendmailWords, "json" | "verbose">, log: Log): Promise<number> {
  const exitCode = tell(result, words);
  await log.write(result, exitCode);
  return exitCode;
}

/** Silent if all is well, as sendmail is: cron mails whatever is printed. */
function tell(result: Result, { json, verbose }: Pick<SendmailWords, "json" | "verbose">): number {
  const exitCode = exitStatusOf(result);
  if (json) output.json(jsonOf(result, exitCode, sendmailWords));
  else if (result.kind === "sent" && exitCode !== exits.done.code) writeUndelivered(result.receipt, exitCode);
  else if (result.kind === "failed" || verbose) writeReport(result, exitCode, sendmailWords);
  return exitCode;
}
