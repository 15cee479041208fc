/** One line for each message and each failure, in syslog or in the log of the account: nobody reads the standard error of a daemon. */
import type { ReadyMessage } from "@postseal/mailer";
import type { Account, AccountSendmail } from "../account/account.ts";
import { usualSendmail } from "../account/sendmail-keys.ts";
import { errors } from "../output.ts";
import { explainFailure } from "../result/failure.ts";
import { sendmailWords } from "../result/own-words.ts";
import { exits } from "../result/exits.ts";
import type { Result } from "../result/result.ts";
import { printable } from "../terminal.ts";

/** `logger` cuts a line at 1024 octets. */
const LONGEST = 900;
const MOST_NAMED = 5;

export class Log {
  #place: AccountSendmail["log"] = usualSendmail.log;
  #account: string | undefined;
  #envelope: ReadyMessage["envelope"] | undefined;

  account({ name, sendmail }: Account): void {
    this.#place = sendmail.log;
    this.#account = name;
  }

  envelope(envelope: ReadyMessage["envelope"]): void {
    this.#envelope = envelope;
  }

  /** A log that cannot be written is reported, and changes nothing else: the message has been taken, or not. */
  async write(result: Result, exitCode: number): Promise<void> {
    if (this.#place === "none") return;
    const line = lineOf(result, exitCode, { account: this.#account, envelope: this.#envelope });
    const place = this.#place;
    try {
      if (typeof place === "object") {
        const { appendLine } = await import("./log-file.ts");
        await appendLine(place.path, `${new Date().toISOString()} ${line}`);
      } else {
        const { tellSyslog } = await import("./syslog.ts");
        await tellSyslog(line, exitCode === exits.done.code ? "info" : "err");
      }
    } catch (error) {
      if (place === "syslog-if-any") return;
      const where = typeof place === "object" ? place.path : "syslog";
      errors.line(`postseal: the log cannot be written (${where}): ${error instanceof Error ? error.message : ""}`);
    }
  }
}

interface Facts {
  readonly account: string | undefined;
  readonly envelope: ReadyMessage["envelope"] | undefined;
}

/** Of what a report for people says, never a secret, a subject or a text. One line, whatever is in it. */
export function lineOf(result: Result, exitCode: number, { account, envelope }: Facts): string {
  const words = [
    wordOf(result, exitCode),
    `exit=${exitCode}`,
    ...(account === undefined ? [] : [`account=${account}`]),
    ...(envelope === undefined ? [] : [`from=<${envelope.from}>`, `to=${listed([envelope.to].flat())}`]),
    ...(result.kind === "failed" ? failureOf(result, exitCode) : []),
    ...(result.kind === "sent" ? sentOf(result) : []),
    ...(result.kind === "queued" ? [`id=${result.queued.id}`] : []),
  ];
  // defence: one-line-in-the-log
  const line = printable(words.join(" "));
  return line.slice(0, LONGEST);
}

function wordOf({ kind }: Result, exitCode: number): string {
  if (kind === "failed" || kind === "queued") return kind;
  return exitCode === exits.done.code ? "sent" : "partly";
}

function listed(addresses: readonly string[]): string {
  const named = addresses.slice(0, MOST_NAMED).map((address) => `<${address}>`);
  const more = addresses.length - named.length;
  return `${named.join(",")}${more > 0 ? `,and ${more} more` : ""}`;
}

function failureOf(failed: Result & { readonly kind: "failed" }, exitCode: number): readonly string[] {
  const { error } = failed;
  const code = error instanceof Error && "code" in error ? [`code=${String(error.code)}`] : [];
  return [...code, `error=${JSON.stringify(explainFailure(failed, exitCode, sendmailWords).message)}`];
}

function sentOf({ receipt }: Result & { readonly kind: "sent" }): readonly string[] {
  const { messageId, seal, recipients } = receipt;
  const undelivered = recipients.filter(({ outcome }) => outcome !== "accepted").map(({ address }) => address);
  return [
    ...(messageId === undefined ? [] : [`message=${messageId}`]),
    ...(seal === undefined ? [] : [`server=${seal.serverName}`, `tls=${seal.protocol}`]),
    ...(undelivered.length === 0 ? [] : [`not=${listed(undelivered)}`]),
  ];
}
