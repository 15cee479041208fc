/** A transaction, from MAIL to the end of the message: the envelope, and the octets so far. */
import { Content } from "@postseal/lab";
import type { Rule } from "./failure.ts";
import type { CapturedEnvelope } from "./message.ts";

const PATH = /^(?:MAIL FROM|RCPT TO):<((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>(?: (.*))?$/i;
const MAIL_PARAMETER = /^(?:SIZE=\d+|BODY=(?:7BIT|8BITMIME)|SMTPUTF8|REQUIRETLS|RET=(?:FULL|HDRS)|ENVID=[!-~]+)$/i;
const RCPT_PARAMETER = /^(?:NOTIFY=[A-Z,]+|ORCPT=[!-~]+)$/i;

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
  const allowsUtf8 = utf8 || (isMail && parameters.some((parameter) => /^SMTPUTF8$/i.test(parameter)));
  if (/[^\0-\x7f]/.test(address) && !allowsUtf8)
    return "553 5.6.7 The address is not ASCII, and SMTPUTF8 was not asked for";
  return { address, parameters };
}

export class Transaction {
  readonly #from: Path;
  readonly #recipients: Path[] = [];
  readonly content: Content;
  /** The failure that was asked for. */
  readonly rule: Rule | undefined;

  constructor(from: Path, rule: Rule | undefined, sizeLimit: number) {
    this.#from = from;
    this.rule = rule;
    this.content = new Content(sizeLimit);
  }

  get utf8(): boolean {
    return this.#from.parameters.some((parameter) => /^SMTPUTF8$/i.test(parameter));
  }

  /** The announced size, or the received size if that is more. */
  get size(): number {
    const announced = this.#from.parameters.find((parameter) => /^SIZE=/i.test(parameter))?.slice("SIZE=".length);
    return Math.max(Number(announced ?? 0), this.content.size);
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

  /** The rule, if it is for this moment. */
  ruleAt(at: Rule["at"], address = ""): Rule | undefined {
    const { rule } = this;
    if (rule?.at !== at) return undefined;
    return at === "recipient" && rule.recipients?.includes(address) === false ? undefined : rule;
  }

  addRecipient(path: Path): void {
    this.#recipients.push(path);
  }
}
