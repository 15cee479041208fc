/** A transaction, from MAIL to the end of the message: the envelope, the octets so far, and the failure that was asked for. */
import type { Body } from "./body.ts";
import { canonical, type Rule } from "./failure.ts";
import type { CapturedEnvelope } from "./message.ts";

const PATH = /^(?:MAIL FROM|RCPT TO):<((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>(?: (.*))?$/i;
const MAIL_PARAMETER = /^(?:SIZE=\d+|BODY=(?:7BIT|8BITMIME)|SMTPUTF8|REQUIRETLS|RET=(?:FULL|HDRS)|ENVID=[!-~]+)$/i;
const RCPT_PARAMETER =
  /^(?:NOTIFY=(?:NEVER|(?:SUCCESS|FAILURE|DELAY)(?:,(?:SUCCESS|FAILURE|DELAY)){0,2})|ORCPT=[!-~]+)$/i;

interface Path {
  readonly address: string;
  readonly parameters: readonly string[];
}

/** What MAIL or RCPT names, or the reply that refuses it. */
export function pathIn(command: string, utf8: boolean): Path | string {
  const match = PATH.exec(command);
  const isMail = /^MAIL/i.test(command);
  if (match === null) return `501 5.5.4 Syntax: ${isMail ? "MAIL FROM" : "RCPT TO"}:<address>, without a space`;
  const [, address = "", rest] = match;
  const parameters = rest === undefined ? [] : rest.split(" ");
  const known = isMail ? MAIL_PARAMETER : RCPT_PARAMETER;
  if (!parameters.every((parameter) => known.test(parameter))) return "555 5.5.4 A parameter is not known here";
  if (new Set(parameters.map(nameOf)).size < parameters.length) return "501 5.5.4 A parameter stands there twice";
  const allowsUtf8 = utf8 || (isMail && parameters.some((parameter) => /^SMTPUTF8$/i.test(parameter)));
  if (/[^\0-\x7f]/.test(address) && !allowsUtf8)
    return "553 5.6.7 The address is not ASCII, and SMTPUTF8 was not asked for";
  return { address, parameters };
}

function nameOf(parameter: string): string {
  return (parameter.split("=", 1)[0] ?? "").toUpperCase();
}

export class Transaction {
  readonly #from: Path;
  readonly #recipients: Path[] = [];
  readonly #rule: Rule | undefined;
  #hasFailed = false;
  /** Recipients whom the failure is for and whom the message has not named yet. */
  readonly #awaited: Set<string>;
  /** `undefined` until the message begins. */
  body: Body | undefined;

  constructor(from: Path, rule: Rule | undefined) {
    this.#from = from;
    this.#rule = rule;
    this.#awaited = new Set(rule?.recipients);
  }

  get utf8(): boolean {
    return this.#from.parameters.some((parameter) => /^SMTPUTF8$/i.test(parameter));
  }

  /** The announced size, or the received size if that is more. */
  get size(): number {
    const announced = this.#from.parameters.find((parameter) => /^SIZE=/i.test(parameter))?.slice("SIZE=".length);
    return Math.max(Number(announced ?? 0), this.body?.size ?? 0);
  }

  get hasRecipients(): boolean {
    return this.#recipients.length > 0;
  }

  get envelope(): CapturedEnvelope {
    return {
      from: this.#from.address,
      to: this.#recipients.map(({ address }) => address),
      mailParameters: this.#from.parameters,
      rcptParameters: this.#recipients.map(({ parameters }) => parameters),
    };
  }

  /** The failure, if it is for this moment. */
  failAt(at: Rule["at"], address = ""): Rule | undefined {
    const rule = this.#rule;
    if (rule?.at !== at) return undefined;
    const name = canonical(address);
    if (at === "recipient" && rule.recipients?.includes(name) === false) return undefined;
    this.#awaited.delete(name);
    this.#hasFailed = true;
    return rule;
  }

  /** Why the failure, or a part of it, did not happen; `undefined` if it did, or none was asked for. */
  get omission(): string | undefined {
    if (this.#awaited.size > 0) return `the message was not for ${[...this.#awaited].join(", ")}`;
    return this.#rule === undefined || this.#hasFailed ? undefined : "the message was over before";
  }

  get rule(): Rule | undefined {
    return this.#rule;
  }

  addRecipient(path: Path): void {
    this.#recipients.push(path);
  }
}
