/** Nodemailer's options for the delivery of one message: `dsn`, and those that a sealed transport cannot honour. */
import { InputError } from "../../errors/input-error.ts";
import type { DsnOptions } from "../../message/envelope.ts";
import { withoutPrototype } from "../../policy/own-options.ts";
import type { ComposedMail } from "./mail.ts";

const RETURNS: ReadonlyMap<string, "full" | "headers"> = new Map([
  ["FULL", "full"],
  ["BODY", "full"],
  ["HDRS", "headers"],
  ["HEADERS", "headers"],
]);
const EVENTS: ReadonlyMap<string, "success" | "failure" | "delay"> = new Map([
  ["SUCCESS", "success"],
  ["FAILURE", "failure"],
  ["DELAY", "delay"],
]);

/** Throws `InputError` for an option that is not honoured here: it must not be ignored in silence. */
export function judgeOptions(options: ComposedMail["data"]): void {
  const data = withoutPrototype(options);
  if (given(data.auth)) {
    throw refusal("auth", "is set for one message. A sealed transport has one account: make a second for another one.");
  }
}

/** Nodemailer's word for REQUIRETLS (RFC 8689). */
export function asksForRequireTls(options: ComposedMail["data"]): boolean {
  return given(withoutPrototype(options).requireTLSExtensionEnabled);
}

/** Throws `InputError` (`MAIL_INPUT_MESSAGE`). The mailer judges the values, like its own. */
export function readDsn(dsn: unknown, recipients: readonly string[]): DsnOptions | undefined {
  if (!given(dsn)) return undefined;
  if (typeof dsn !== "object" || dsn === null) throw refusal("dsn", "is not an object.");
  const own = withoutPrototype(dsn);
  const either = (one: string, other: string): unknown => Reflect.get(own, one) || Reflect.get(own, other);
  const id = either("envid", "id");
  return {
    return: readReturn(either("ret", "return")),
    envelopeId: given(id) ? String(id) : undefined,
    notify: readNotify(Reflect.get(own, "notify")),
    originalRecipient: readOriginal(either("recipient", "orcpt"), recipients),
  };
}

function readReturn(value: unknown): DsnOptions["return"] {
  if (!given(value)) return undefined;
  const found = RETURNS.get(String(value).toUpperCase());
  if (found === undefined) throw refusal("dsn.return", "is neither full nor headers.");
  return found;
}

function readNotify(value: unknown): DsnOptions["notify"] {
  if (!given(value)) return undefined;
  const words = (Array.isArray(value) ? value : String(value).split(",")).map((word) =>
    String(word).trim().toUpperCase(),
  );
  if (words.length === 1 && words[0] === "NEVER") return "never";
  return words.map((word) => {
    const event = EVENTS.get(word);
    if (event === undefined) throw refusal("dsn.notify", "is neither never nor a list of success, failure and delay.");
    return event;
  });
}

/** Nodemailer gives this one address for all recipients; the mailer gives each its own, which is what ORCPT is for. */
function readOriginal(value: unknown, recipients: readonly string[]): boolean | undefined {
  if (!given(value)) return undefined;
  if (recipients.length === 1 && String(value).replace(/^rfc822;\s*/i, "") === recipients[0]) return true;
  throw refusal(
    "dsn.recipient",
    "is not the message's only recipient. ORCPT (RFC 3461) names each recipient's own address.",
  );
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== "";
}

function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_MESSAGE", field, why);
}
