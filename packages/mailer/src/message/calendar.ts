/** An invitation as mail programs expect it: a text/calendar alternative with its method (RFC 6047 section 2.4). */
import { InputError } from "../errors/input-error.ts";
import { readOptions } from "../policy/own-options.ts";
import type { Calendar } from "./input.ts";
import type { LeafPart } from "./part.ts";
import { judgeBody } from "./text-judge.ts";
import { textPart } from "./text-part.ts";

const KEYS: ReadonlySet<string> = new Set(["method", "content"]);
/** RFC 5546 section 1.4. */
const METHODS: ReadonlySet<string> = new Set(
  "PUBLISH REQUEST REPLY ADD CANCEL REFRESH COUNTER DECLINECOUNTER".split(" "),
);
const METHOD_LINE = /^METHOD:([A-Z]+)[ \t]*$/im;

/** Throws `InputError` (`MAIL_INPUT_MESSAGE`). */
export function calendarPart(calendar: Calendar): LeafPart {
  const { method, content } = readOptions(calendar, KEYS, { field: "calendar", code: "MAIL_INPUT_MESSAGE" });
  if (!METHODS.has(method)) throw refusal("calendar.method", `is not one of ${[...METHODS].join(", ")}.`);
  judgeBody(content, "calendar.content", "MAIL_INPUT_MESSAGE");
  if (METHOD_LINE.exec(content)?.[1]?.toUpperCase() !== method) {
    throw refusal(
      "calendar.content",
      `does not say METHOD:${method}, which calendar.method says. The two have to agree.`,
    );
  }
  return textPart(content, "text/calendar", `; method=${method}`);
}

function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_MESSAGE", field, why);
}
