/** Judges a caller's text. Bad text is refused, never cleaned up: cleaning up can turn one address into another. */
import type { InputErrorCode } from "../errors/input-error.ts";
import { InputError } from "../errors/input-error.ts";
import { kindOf } from "../errors/kind.ts";
import { shown } from "../errors/shown.ts";

const ASCII = /^[\x00-\x7f]*$/;
const LONG = 256;
const encoder = new TextEncoder();
/** Nobody reads it: a text is encoded into it, piece by piece, which is the fastest way to count its octets. */
const SCRATCH = new Uint8Array(16 * 1024);
const PLAIN = /^[\x20-\x7e]*$/;
/** C0 (including CR, LF and NUL), DEL, C1, and the separators that some parsers take for line ends. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** Embeddings, overrides and isolates: they can show `txt.exe` as `exe.txt`. */
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/;

/** One line of text for a header or the envelope. Throws `InputError` with the given code. */
export function judgeLine(text: string, field: string, code: InputErrorCode): void {
  if (typeof text !== "string") throw new InputError(code, field, `is ${kindOf(text)}, not a string.`);
  if (PLAIN.test(text)) return;
  const control = CONTROL.exec(text);
  // defence: no-control-characters-in-a-header
  if (control !== null) {
    throw new InputError(
      code,
      field,
      control[0] === "\t"
        ? `holds a tab, which only free text may have, such as a subject. Take it out of: ${shown(text)}`
        : `holds the control character "${named(control[0])}", which no header and no command may have. Take it out of: ${shown(text)}`,
    );
  }
  judgeEncodable(text, field, code);
}

/** One line of unstructured text (RFC 5322 section 2.2), which may have tabs. */
export function judgeUnstructured(text: string, field: string, code: InputErrorCode): void {
  const hasTabs = typeof text === "string" && text.includes("\t");
  judgeLine(hasTabs ? text.replaceAll("\t", " ") : text, field, code);
}

/** One line that is a name: in addition, it must not reorder the text that a reader sees. */
export function judgeName(text: string, field: string, code: InputErrorCode): void {
  judgeLine(text, field, code);
  const found = isAscii(text) ? null : REORDERING.exec(text);
  if (found === null) return;
  throw new InputError(
    code,
    field,
    `holds "${shown(found[0])}", which reorders what is read after it. Take it out of: ${shown(text)}`,
  );
}

/** A text of any number of lines. */
export function judgeBody(text: string, field: string, code: InputErrorCode): void {
  if (typeof text !== "string")
    throw new InputError(code, field, `is ${kindOf(text)}, not a string.${readFirst(text)}`);
  if (text.includes("\0"))
    throw new InputError(code, field, "holds a NUL character. Take it out, or attach it as octets.");
  judgeEncodable(text, field, code);
}

/** A Buffer, a stream or Nodemailer's `{ path }`. */
function readFirst(given: unknown): string {
  return typeof given === "object" && given !== null ? ' Read it first, such as readFile(path, "utf8").' : "";
}

/** Text that UTF-8 can write. */
export function judgeEncodable(text: string, field: string, code: InputErrorCode): void {
  if (!text.isWellFormed()) {
    throw new InputError(
      code,
      field,
      "holds half of a surrogate pair, which UTF-8 cannot write. The text was probably cut inside a character.",
    );
  }
}

export function isAscii(text: string): boolean {
  if (text.length <= LONG) return ASCII.test(text);
  // Other characters take more octets than UTF-16 units.
  for (let at = 0; at < text.length;) {
    const { read, written } = encoder.encodeInto(at === 0 ? text : text.slice(at), SCRATCH);
    if (written > read) return false;
    at += read;
  }
  return true;
}

function named(control: string): string {
  return control === "\0" ? "NUL" : shown(control);
}
