/** Message-IDs (RFC 5322 section 3.6.4): one for each message, the same for every attempt, so that a repeat is recognised. */
import { randomUUID } from "node:crypto";
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { isList, readList } from "../policy/own-options.ts";
import { judgeLine, judgeUnstructured } from "./text-judge.ts";

const ATOM = "[A-Za-z0-9!#$%&'*+\\-/=?^_`{|}~]+";
const STRICT = new RegExp(`^<${ATOM}(?:\\.${ATOM})*@(?:${ATOM}(?:\\.${ATOM})*|\\[[!-Z^-~]*\\])>$`);
/** The IDs of others cannot be changed, so a reference may hold more characters. */
const FOREIGN = /^<[!-;=?-~]+>$/;
const LONGEST = 900;

export function createMessageId(domain: string): string {
  return `<${randomUUID()}@${domain}>`;
}

/** The caller's Message-ID for this message. Throws `InputError` (`MAIL_INPUT_HEADER`). */
export function judgeMessageId(text: string, field: string): string {
  return judged(text, field, STRICT);
}

/** The Message-IDs of other messages: an array, or a text with white space between them, as another message has it. Throws `InputError` (`MAIL_INPUT_HEADER`). */
export function judgeReferences(input: string | readonly string[], field: string): readonly string[] {
  return isList(input)
    ? readList(input, { field, code: "MAIL_INPUT_HEADER" }).map((text, index) =>
        judged(text, `${field}[${index}]`, FOREIGN),
      )
    : textReferences(input, field);
}

function textReferences(text: string, field: string): readonly string[] {
  // Nearly always it is one.
  if (typeof text === "string" && text.length <= LONGEST && FOREIGN.test(text)) return [text];
  judgeUnstructured(text, field, "MAIL_INPUT_HEADER");
  const words = text.split(/[ \t]/).filter((word) => word !== "");
  return (words.length === 0 ? [text] : words).map((word) => judged(word, field, FOREIGN));
}

function judged(text: string, field: string, shape: RegExp): string {
  judgeLine(text, field, "MAIL_INPUT_HEADER");
  if (text.length <= LONGEST && shape.test(text)) return text;
  const several = shape === FOREIGN ? "; several go into an array" : "";
  throw new InputError(
    "MAIL_INPUT_HEADER",
    field,
    `"${shown(text)}" is not a Message-ID. Write <unique@domain> with its angle brackets${several}.`,
  );
}
