/**
 * Judges the lines of a message that must not be changed, chunk by chunk in constant memory.
 * The attack is SMTP smuggling (CVE-2023-51764, -51765, -51766): octets that one server takes for a line end and the next
 * does not can hide a second message. So all line ends are CRLF, or all are LF and become CRLF; a bare CR, a NUL or a
 * mixture is refused.
 */
import { Buffer, isAscii } from "node:buffer";
import { hasOtherEnd, holdsCommandLike, isCommandLike, LONGEST_COMMAND } from "./command-like.ts";
import { InputError } from "../errors/input-error.ts";
import type { Place } from "./octet-source.ts";

const LF = 0x0a;
const CR = 0x0d;
/** Octets in a line without its line end (RFC 5322 section 2.1.1). */
const LONGEST = 998;
/** How many octets are judged as one string. */
const WINDOW = 64 * 1024;
const NOTHING = new Uint8Array();

export class LineJudge {
  /** Whether an octet over 127 was seen. */
  eightBit = false;
  /** Whether a line that has ended is command-like, or an unfinished one is already too long. */
  commandLike = false;
  readonly #place: Place;
  /** Takes each header line as Latin-1; returns false after the end of the header. */
  readonly #headerLine: (line: string) => boolean;
  #inHeader = true;
  #lineEnds: "CRLF" | "LF" | undefined;
  /** Octets of the current line that came with earlier chunks. */
  #column = 0;
  /** The current line, if it is in the header or came in several pieces. */
  #lineText = "";
  #afterCr = false;
  /** Whether the current window holds line ends other than CR and LF. */
  #hasOtherEnd = false;

  constructor(place: Place, headerLine: (line: string) => boolean) {
    this.#place = place;
    this.#headerLine = headerLine;
  }

  /** Judges the chunk and returns it with CRLF line ends. Throws `InputError`. */
  judge(chunk: Uint8Array): Uint8Array {
    const octets = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let bareLineFeeds = 0;
    for (let at = 0; at < octets.length; at += WINDOW) {
      const part = octets.subarray(at, at + WINDOW);
      bareLineFeeds += this.#lines(part.toString("latin1"), isAscii(part));
    }
    return bareLineFeeds === 0 ? chunk : withCrlf(chunk, bareLineFeeds);
  }

  /** The same for a chunk as a string with one character for each octet. `ascii`: whether none is over 127. */
  judgeText(text: string, ascii: boolean): string {
    return this.#lines(text, ascii) === 0 ? text : text.replace(/\n/g, "\r\n");
  }

  /** Judges the text and returns how many of its line ends are bare LFs. Searching a string, unlike a Buffer, does not leave the engine, which is far faster. */
  #lines(text: string, ascii: boolean): number {
    if (text === "") return 0;
    const nul = text.indexOf("\0");
    if (nul !== -1) throw this.#nulAt(text, nul, ascii);
    if (!ascii) this.eightBit = true;
    // defence: other-line-ends-count
    this.#hasOtherEnd = hasOtherEnd(text, ascii);
    let start = 0;
    if (this.#afterCr) {
      if (!text.startsWith("\n")) throw this.#bareCr();
      this.#afterCr = false;
      this.#endLine("CRLF", text, 0, 0);
      start = 1;
    }
    let bareLineFeeds = 0;
    let cr = text.indexOf("\r", start);
    for (let lf = text.indexOf("\n", start); lf !== -1; lf = text.indexOf("\n", start)) {
      // defence: no-bare-cr
      if (cr !== -1 && cr < lf - 1) throw this.#bareCr();
      if (cr !== -1 && cr < lf) {
        this.#endLine("CRLF", text, start, cr);
        cr = text.indexOf("\r", lf + 1);
      } else {
        this.#endLine("LF", text, start, lf);
        bareLineFeeds++;
      }
      start = lf + 1;
    }
    // After the last line feed, only the last octet may be a CR: its LF may come with the next chunk.
    if (cr !== -1 && cr < text.length - 1) throw this.#bareCr();
    this.#afterCr = cr !== -1;
    this.#carry(text, start, this.#afterCr ? cr : text.length);
    return bareLineFeeds;
  }

  /** The octets to append to the last chunk so that the message ends with CRLF. Throws `InputError`. */
  end(): Uint8Array {
    if (this.#afterCr) throw this.#bareCr();
    if (this.#column === 0) return NOTHING;
    this.#endLine(this.#lineEnds ?? "CRLF", "", 0, 0);
    return Uint8Array.of(CR, LF);
  }

  /** Ends the current line, whose last piece is from `from` to `to`. */
  #endLine(lineEnd: "CRLF" | "LF", text: string, from: number, to: number): void {
    // Nearly all lines are in the body, come in one piece, and end like the line before.
    // defence: lines-over-several-reads
    if (this.#inHeader || this.#column > 0 || this.#hasOtherEnd) this.#endOther(text, from, to);
    else if (to - from > LONGEST) throw this.#tooLong();
    else if (!this.commandLike) this.commandLike = isCommandLike(text, from, to);
    if (this.#lineEnds !== lineEnd) this.#setLineEnds(lineEnd);
  }

  #endOther(text: string, from: number, to: number): void {
    this.#carry(text, from, to);
    this.commandLike ||= holdsCommandLike(this.#lineText);
    if (this.#inHeader) this.#inHeader = this.#headerLine(this.#lineText);
    this.#column = 0;
    this.#lineText = "";
  }

  #setLineEnds(lineEnd: "CRLF" | "LF"): void {
    if (this.#lineEnds !== undefined) {
      throw this.#refusal(
        "mixes CRLF and LF line ends, which can hide a second message in it. Use one of them throughout.",
      );
    }
    this.#lineEnds = lineEnd;
  }

  /** Adds a piece to the current line. */
  #carry(text: string, from: number, to: number): void {
    this.#column += to - from;
    if (this.#column > LONGEST) throw this.#tooLong();
    if (this.#column > LONGEST_COMMAND) this.commandLike = true;
    this.#lineText += text.slice(from, to);
  }

  /** Judges what comes before the NUL first: which error is reported must not depend on where the message is cut. */
  #nulAt(text: string, position: number, ascii: boolean): InputError {
    this.#lines(text.slice(0, position), ascii);
    if (this.#afterCr) return this.#bareCr();
    return this.#refusal("holds a NUL octet. Encode the part that holds it in base64.");
  }

  #tooLong(): InputError {
    return this.#refusal(`has a line of more than ${LONGEST} octets. Encode that part in quoted-printable or base64.`);
  }

  #bareCr(): InputError {
    return this.#refusal(
      "holds a CR without LF, which some servers take for a line end. Use CRLF throughout, or LF throughout.",
    );
  }

  #refusal(why: string): InputError {
    return new InputError(this.#place.code, this.#place.field, why);
  }
}

function withCrlf(chunk: Uint8Array, lineFeeds: number): Uint8Array {
  const out = new Uint8Array(chunk.length + lineFeeds);
  let end = 0;
  for (let start = 0; start < chunk.length;) {
    const at = chunk.indexOf(LF, start);
    const stop = at < 0 ? chunk.length : at;
    out.set(chunk.subarray(start, stop), end);
    end += stop - start;
    if (at >= 0) {
      out[end++] = CR;
      out[end++] = LF;
    }
    start = stop + 1;
  }
  return out;
}
