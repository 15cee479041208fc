/** Puts a failure into words for the person at the terminal: what happened, what it may mean, what to do. */
import type { Receipt } from "@postseal/mailer";
import { exitCodeOf } from "./exit-code.ts";
import { exits } from "./exits.ts";
import { Interruption } from "../interruption.ts";
import { sendOptions } from "../mail/options.ts";
import type { OptionKind } from "../option.ts";
import type { Failed } from "./result.ts";

/** `note`: the code to look up, the exit code, and what repeating would do. */
export function explainFailure(
  failed: Failed,
  exitCode: number = exitCodeOf(failed),
): { readonly message: string; readonly note: string } {
  const { error, receipt } = failed;
  const exit = `exit ${exitCode}`;
  if (error instanceof Interruption) return { message: interrupted(error, receipt), note: exit };
  if (!(error instanceof Error) || !("code" in error) || !("disposition" in error)) {
    const said = error instanceof Error ? error.message : String(error);
    return { message: `unexpected failure: ${said}`, note: `${exit}; this is a bug in Postseal: please report it` };
  }
  const message = "field" in error ? inOptions(error.message, String(error.field)) : error.message;
  return { message, note: [String(error.code), exit, ...repeating(error.disposition, exitCode)].join("; ") };
}

function interrupted(error: Interruption, receipt: Receipt | undefined): string {
  if (receipt?.recipients.some(({ outcome }) => outcome === "unknown") !== true) return `${error.message}: not sent`;
  return (
    `${error.message} after the whole message was handed over, and before the server answered: it may have been taken or ` +
    "not. Look at the recipient's side, or at the server's log, before sending it again."
  );
}

function repeating(disposition: unknown, exitCode: number): readonly string[] {
  if (disposition === "ask") return ["sending it again may deliver it twice"];
  // Not after tampering: trying again would be safe too, but the advice is to look first.
  if (disposition === "retry" && exitCode === exits.later.code)
    return ["nothing was taken: trying again is safe, and just as strict"];
  return [];
}

/** The library's errors name the library's options; these are the command's names for them. */
const OPTIONS: ReadonlyMap<string, string> = new Map([
  // It may have come from POSTSEAL_URL.
  ["server", "the server's URL"],
  ...Object.entries<OptionKind>(sendOptions).flatMap(([name, { sets = [] }]) =>
    sets.map((field) => [field, `--${name}`] as const),
  ),
]);

/** `to[1]: …` becomes `--to (number 2): …`. */
function inOptions(message: string, field: string): string {
  const name = /^(?:(?:tls|auth|envelope)\.)?[A-Za-z]+/.exec(field)?.[0] ?? "";
  const option = OPTIONS.get(name);
  if (option === undefined || !message.startsWith(`${field}: `)) return message;
  const index = /\[(\d+)\]/.exec(field)?.[1];
  return `${option}${index === undefined ? "" : ` (number ${Number(index) + 1})`}${message.slice(field.length)}`;
}
