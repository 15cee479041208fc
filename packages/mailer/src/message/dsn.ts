/** Delivery status notification options (RFC 3461), judged. */
import { InputError } from "../errors/input-error.ts";
import { readList, readOptions } from "../policy/own-options.ts";
import type { DsnOptions } from "./envelope.ts";
import { judgeFlag } from "./flag.ts";

type NotifyEvent = Exclude<DsnOptions["notify"], "never" | undefined>[number];

const KEYS: ReadonlySet<string> = new Set(["notify", "return", "envelopeId", "originalRecipient"]);
const NOTIFY = { field: "dsn.notify", code: "MAIL_INPUT_MESSAGE" } as const;
const EVENTS: ReadonlySet<string> = new Set(["success", "failure", "delay"]);
/** RFC 3461 section 4.4: at most 100 characters, printable. */
const ENVELOPE_ID = /^[\x20-\x7e]{1,100}$/;

/** Returns a copy, so that what was judged is what is sent. Throws `InputError` (`MAIL_INPUT_MESSAGE`). */
export function judgeDsn(given: DsnOptions | undefined): DsnOptions | undefined {
  if (given === undefined) return undefined;
  const dsn = readOptions(given, KEYS, { field: "dsn", code: "MAIL_INPUT_MESSAGE" });
  const notify = judgeNotify(dsn.notify);
  const { envelopeId } = dsn;
  const originalRecipient = judgeFlag(dsn.originalRecipient, "dsn.originalRecipient");
  if (dsn.return !== undefined && dsn.return !== "full" && dsn.return !== "headers") {
    throw refusal("return", 'is neither "full" nor "headers".');
  }
  if (envelopeId !== undefined && !(typeof envelopeId === "string" && ENVELOPE_ID.test(envelopeId))) {
    throw refusal("envelopeId", "is not 1 to 100 printable ASCII characters.");
  }
  return { notify, return: dsn.return, envelopeId, originalRecipient };
}

function judgeNotify(notify: DsnOptions["notify"]): DsnOptions["notify"] {
  if (notify === undefined || notify === "never") return notify;
  const events = Array.isArray(notify) ? readList<NotifyEvent>(notify, NOTIFY) : [];
  if (events.length === 0 || new Set(events).size !== events.length || events.some((event) => !EVENTS.has(event))) {
    throw refusal("notify", 'is neither "never" nor a list of success, failure and delay, each at most once.');
  }
  return events;
}

function refusal(key: string, why: string): InputError {
  return new InputError("MAIL_INPUT_MESSAGE", `dsn.${key}`, why);
}
