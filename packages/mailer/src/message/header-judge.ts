/** Judges the header of a ready-made message line by line, and reads from it what a transaction needs to know. */
import { Buffer, isUtf8 } from "node:buffer";
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import type { Place } from "./octet-source.ts";
import { isAscii } from "./text-judge.ts";

const FIELD = /^([!-9;-~]+):/;
const ONLY_SPACE = /^[ \t]*$/;
const MESSAGE_ID = /^[ \t]*(<[!-;=?-~]+>)[ \t]*$/;
const LONGEST_MESSAGE_ID = 998;
/**
 * At most one of each is allowed. Of two From fields, a filter may judge one and a mail program show the other; of two
 * Content-Type fields, one may decide what a scanner sees and the other what the reader sees.
 */
// RFC 5322 section 3.6.
const single: ReadonlySet<string> = new Set([
  "from",
  "sender",
  "reply-to",
  "to",
  "cc",
  "subject",
  "date",
  "message-id",
  "in-reply-to",
  "references",
  // RFC 2045 sections 3 to 8, RFC 2183 section 2.
  "mime-version",
  // defence: content-type-once
  "content-type",
  "content-transfer-encoding",
  "content-id",
  "content-description",
  "content-disposition",
  // RFC 2369 section 2, RFC 2919 section 3, RFC 8058 section 3.1.
  "list-help",
  "list-unsubscribe",
  "list-subscribe",
  "list-post",
  "list-owner",
  "list-archive",
  "list-id",
  "list-unsubscribe-post",
]);

export class HeaderJudge {
  /** Whether the header holds UTF-8 that is not ASCII (RFC 6532), so that SMTPUTF8 is needed. */
  utf8 = false;
  readonly #place: Place;
  readonly #seen = new Set<string>();
  #current = "";
  #messageId = "";
  #over = false;

  constructor(place: Place) {
    this.#place = place;
  }

  /** With its angle brackets, if the header has one that is well-formed. */
  get messageId(): string | undefined {
    return MESSAGE_ID.exec(this.#messageId)?.[1];
  }

  /** Takes one line as Latin-1, without its line end. Returns false after the end of the header. Throws `InputError`. */
  line(line: string): boolean {
    if (line === "") {
      this.finish();
      return false;
    }
    if (!isAscii(line)) this.#judgeUtf8(line);
    if (line.startsWith(" ") || line.startsWith("\t")) this.#goOn(line);
    else this.#begin(line);
    return true;
  }

  /** The header is over, or the whole message is. */
  finish(): void {
    if (this.#over) return;
    this.#over = true;
    if (!this.#seen.has("from")) {
      throw this.#refusal(
        "has no From field in its header, so it is not a whole RFC 5322 message. Add one, or compose it.",
      );
    }
  }

  #begin(line: string): void {
    const name = FIELD.exec(line)?.[1];
    if (name === undefined) {
      throw this.#refusal(
        `has a header line that is not a field: "${shown(line)}". The header ends at the first empty line.`,
      );
    }
    const lower = name.toLowerCase();
    if (lower === "bcc" || lower === "resent-bcc") {
      throw this.#refusal(
        `has a ${name} field, which would show everybody who got a blind copy. Take it out, and name them in the envelope.`,
      );
    }
    if (single.has(lower) && this.#seen.has(lower)) {
      throw this.#refusal(`has two ${name} fields: programs differ on which one counts. Keep one.`);
    }
    this.#seen.add(lower);
    this.#current = lower;
    if (lower === "message-id") this.#messageId = line.slice(name.length + 1);
  }

  #goOn(line: string): void {
    if (this.#current === "" || ONLY_SPACE.test(line)) {
      throw this.#refusal(
        "has a header line that holds only space, or that continues no field: programs differ on where the header ends.",
      );
    }
    if (this.#current === "message-id" && this.#messageId.length < LONGEST_MESSAGE_ID) this.#messageId += line;
  }

  #judgeUtf8(line: string): void {
    if (!isUtf8(Buffer.from(line, "latin1"))) {
      throw this.#refusal(
        "has a header line that is neither ASCII nor UTF-8. Write it in encoded words (RFC 2047), or in UTF-8.",
      );
    }
    this.utf8 = true;
  }

  #refusal(why: string): InputError {
    return new InputError(this.#place.code, this.#place.field, why);
  }
}
