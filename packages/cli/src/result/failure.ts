/** Puts a failure into words for the person at the terminal: what happened, what it may mean, what to do. */
import type { Receipt } from "@postseal/mailer";
import { exitCodeOf } from "./exit-code.ts";
import { exits } from "./exits.ts";
import { amountOf } from "../amount.ts";
import { Interruption } from "../interruption.ts";
import { type OwnWords, inOwnWords, sendWords } from "./own-words.ts";
import type { Failed } from "./result.ts";

/** `note`: the code to look up, the exit code, and what repeating would do. */
export function explainFailure(
  failed: Failed,
  exitCode: number = exitCodeOf(failed),
  words: OwnWords = sendWords,
): { readonly message: string; readonly note: string } {
  const { error, receipt } = failed;
  const exit = `exit ${exitCode}`;
  if (error instanceof Interruption) return { message: interrupted(error, receipt), note: exit };
  if (!(error instanceof Error) || !("code" in error) || !("disposition" in error)) {
    const said = error instanceof Error ? error.message : String(error);
    return { message: `unexpected failure: ${said}`, note: `${exit}; this is a bug in Postseal: please report it` };
  }
  return {
    message: forPeople(inOwnWords(error, words)),
    note: [String(error.code), exit, ...repeating(error.disposition, exitCode, String(error.code))].join("; "),
  };
}

function interrupted(error: Interruption, receipt: Receipt | undefined): string {
  if (receipt?.recipients.some(({ outcome }) => outcome === "unknown") !== true) return `${error.message}: not sent`;
  return (
    `${error.message} after the whole message was handed over, and before the server answered: it may have been taken or ` +
    "not. Look at the recipient's side, or at the server's log, before sending it again."
  );
}

function repeating(disposition: unknown, exitCode: number, code: string): readonly string[] {
  if (disposition === "ask") return ["sending it again may deliver it twice"];
  // Not after tampering: trying again would be safe too, but the advice is to look first.
  if (disposition !== "retry" || exitCode !== exits.later.code) return [];
  // A worker may have sent some before its disk was full.
  if (code.startsWith("OUTBOX_")) return ["trying again is safe"];
  return ["nothing was taken: trying again is safe, and just as strict"];
}

/** What base64 makes of an octet: 78 octets of a line for 57 (RFC 2045 section 6.8). */
const GROWTH = 78 / 57;

function forPeople(message: string): string {
  return message.replace(
    /has (\d{1,15}) octets, and (\S+) takes at most (\d{1,15})\./,
    (_all, size: string, peer: string, limit: string) =>
      `is ${amountOf(Number(size))} long as it travels, and ${peer} takes at most ${amountOf(Number(limit))}. ` +
      `Files grow by more than a third on the way, since base64 writes three octets as four: ${amountOf(Number(limit) / GROWTH)} of them fit.`,
  );
}
