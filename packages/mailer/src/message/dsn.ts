/** Delivery status notification options (RFC 3461), judged. */
import { InputError } from "../errors/input-error.ts";
import type { DsnOptions } from "./envelope.ts";
import { judgeKeys } from "./text-judge.ts";

const KEYS: ReadonlySet<string> = new Set(["notify", "return", "envelopeId", "originalRecipient"]);
const EVENTS: ReadonlySet<string> = new Set(["success", "failure", "delay"]);
/** RFC 3461 section 4.4: at most 100 characters, printable. */
const ENVELOPE_ID = /^[\x20-\x7e]{1,100}$/;

/** A copy: what was judged is what is sent. Throws `InputError` (`MAIL_INPUT_MESSAGE`). */
export function judgeDsn(dsn: DsnOptions | undefined): DsnOptions | undefined {
  if (dsn === undefined) return undefined;
  judgeKeys(dsn, KEYS, "dsn");
  const { notify, envelopeId } = dsn;
  if (notify !== undefined && notify !== "never") {
    const events = new Set(notify);
    if (events.size === 0 || events.size !== notify.length || notify.some((event) => !EVENTS.has(event))) {
      throw refusal("notify", 'is neither "never" nor a list of success, failure and delay, each at most once.');
    }
  }
  if (dsn.return !== undefined && dsn.return !== "full" && dsn.return !== "headers") {
    throw refusal("return", 'is neither "full" nor "headers".');
  }
  if (envelopeId !== undefined && !(typeof envelopeId === "string" && ENVELOPE_ID.test(envelopeId))) {
    throw refusal("envelopeId", "is not 1 to 100 printable ASCII characters.");
  }
  return { ...dsn, notify: notify === undefined || notify === "never" ? notify : [...notify] };
}

function refusal(key: string, why: string): InputError {
  return new InputError("MAIL_INPUT_MESSAGE", `dsn.${key}`, why);
}
