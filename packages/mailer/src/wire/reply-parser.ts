/**
 * Turns octets into replies (RFC 5321 section 4.2). It does not know which command they answer.
 *
 * The rules it keeps:
 * - a line is a code from 200 to 599, then CRLF, a space or a hyphen; nothing else begins a line;
 * - lines end with CRLF; a bare CR, a bare LF or a NUL anywhere is an error, since two readers would not agree on it;
 * - all lines of a reply have the same code;
 * - a line has at most 4 KiB, a reply at most 128 lines and 64 KiB.
 */
import { ProtocolError } from "../errors/protocol-error.ts";
import type { Concealment } from "./concealment.ts";
import type { Reply } from "./reply.ts";

/** How the servers of other protocols begin. */
const OTHER_PROTOCOLS: readonly (readonly [beginning: string, protocol: string])[] = [
  ["HTTP/", "HTTP"],
  ["SSH-", "SSH"],
  ["* OK", "IMAP"],
  ["+OK", "POP3"],
];
const LONGEST_LINE = 4 * 1024;
const MOST_LINES = 128;
const LONGEST_REPLY = 64 * 1024;
/** The reply code of a SASL challenge (RFC 4954 section 6). Only a mechanism may see it: with the response to it, a password can be guessed offline. */
const CHALLENGE = 334;
const CHALLENGE_SHOWN = ["[challenge]"];
const EMPTY = Buffer.alloc(0);
/** Most replies repeat a few short lines: each is judged once, then recognised by its octets. */
const [MOST_KNOWN, LONGEST_KNOWN] = [64, 128];
const [CR, SPACE, HYPHEN, ZERO] = [0x0d, 0x20, 0x2d, 0x30];

/** A line that is a whole reply. */
interface Known {
  /** With its line end. */
  readonly line: string;
  readonly reply: Reply;
  /** What came after it the last time: most likely it comes again. */
  next: Known | undefined;
}

/** Takes one reply and where it began, counted from the first octet of the stream. Returns false to get no more. */
export type ReplySink = (reply: Reply, from: number) => boolean;

export class ReplyParser {
  /** Octets of a line that has not ended. */
  #unfinished: Buffer = EMPTY;
  #lines: string[] = [];
  #code = 0;
  #replySize = 0;
  /** Where the reply under way began. */
  #from = 0;
  #received = 0;
  #taken = 0;
  /** The first is being read; the others came meanwhile. */
  readonly #chunks: Uint8Array[] = [];
  readonly #concealment: Concealment;
  readonly #peer: string;
  readonly #known = new Map<string, Known>();
  /** The reply before this one, if it was known. */
  #latest: Known | undefined;
  /** The revision of the list of secrets that the known replies were concealed with. */
  #revision = 0;

  /** `peer`: the server, as errors name it. */
  constructor(concealment: Concealment, peer: string) {
    this.#concealment = concealment;
    this.#peer = peer;
  }

  /** How many octets were pushed so far. */
  get received(): number {
    return this.#received;
  }

  /** The octets that no complete reply has used. Before TLS there must be none. */
  get unused(): Uint8Array {
    const begun = this.#lines.map((line) => `${this.#code}-${line}\r\n`).join("");
    return Buffer.concat([Buffer.from(begun), this.#unfinished, ...this.#chunks]);
  }

  /** Throws `ProtocolError` (`MAIL_PROTOCOL_MALFORMED_REPLY`) on the first octet that cannot belong to a reply. */
  push(chunk: Uint8Array, sink: ReplySink): void {
    this.#received += chunk.byteLength;
    // Some streams deliver the answer to a sink's write before the sink returns: it comes after what is being read.
    // defence: answer-to-a-write-is-read-after-it
    if (this.#chunks.push(chunk) > 1) return;
    for (let more = true; more && this.#chunks[0] !== undefined; this.#chunks.shift()) {
      more = this.#take(this.#chunks[0], sink);
    }
  }

  /** Returns false if the sink wants no more. */
  #take(chunk: Uint8Array, sink: ReplySink): boolean {
    this.#taken += chunk.byteLength;
    const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const octets = this.#unfinished.length === 0 ? view : Buffer.concat([this.#unfinished, view]);
    // One character for each octet, so that positions agree.
    const text = octets.toString("latin1");
    let at = 0;
    let more = true;
    while (more) {
      const end = text.indexOf("\n", at);
      if (end === -1) break;
      const reply = this.#replyThatEnds(octets, text, at, end + 1);
      at = end + 1;
      if (reply !== undefined) {
        const from = this.#from;
        this.#from = this.#taken - (octets.length - at);
        more = sink(reply, from);
      }
    }
    // Copied: the owner may reuse the buffer that the chunk is a slice of.
    this.#unfinished = at === octets.length ? EMPTY : Buffer.from(octets.subarray(at));
    if (more && this.#unfinished.length > 0) this.#judgeUnfinished(this.#unfinished);
    return more;
  }

  /** A line that begins wrong is an error at once, not after a deadline: TLS records, HTTP, a line without an end. */
  #judgeUnfinished(line: Buffer): void {
    if (line.length > LONGEST_LINE) throw this.#malformed("a reply line is longer than 4 KiB", line);
    const likely = this.#lines.length === 0 ? "200" : String(this.#code);
    const code = codeOf(Buffer.concat([line.subarray(0, 3), Buffer.from(likely).subarray(line.length)]));
    if (code === undefined || (line.length > 3 && ![CR, SPACE, HYPHEN].includes(line[3] ?? 0))) {
      throw this.#malformed("a line is not a reply", line);
    }
    const end = line.indexOf(CR);
    if ((end !== -1 && end !== line.length - 1) || line.includes(0)) {
      throw this.#malformed("a line has a bare CR or a NUL in it", line);
    }
    if (this.#lines.length > 0 && code !== this.#code) throw this.#malformed("the code changes inside one reply", line);
  }

  #replyThatEnds(octets: Buffer, text: string, from: number, end: number): Reply | undefined {
    if (this.#lines.length > 0 || end - from > LONGEST_KNOWN) return this.#line(octets.subarray(from, end));
    // defence: known-replies-are-looked-through-again
    if (this.#revision !== this.#concealment.revision) {
      this.#known.clear();
      this.#latest = undefined;
      this.#revision = this.#concealment.revision;
    }
    // A session says the same few replies in the same order. The line has no other LF, so what begins with it is it.
    const before = this.#latest;
    if (before?.next !== undefined && text.startsWith(before.next.line, from)) {
      this.#latest = before.next;
      return before.next.reply;
    }
    const line = text.slice(from, end);
    const known = this.#known.get(line);
    if (before !== undefined) before.next = known;
    this.#latest = known;
    if (known !== undefined) return known.reply;
    const reply = this.#line(octets.subarray(from, end));
    if (reply !== undefined && reply.code !== CHALLENGE && this.#known.size < MOST_KNOWN)
      this.#known.set(line, { line, reply, next: undefined });
    return reply;
  }

  #line(line: Buffer): Reply | undefined {
    if (line.length > LONGEST_LINE) throw this.#malformed("a reply line is longer than 4 KiB", line);
    const end = line.length - 2;
    // defence: lines-end-with-crlf
    if (end < 3 || line.indexOf(CR) !== end || line.includes(0)) {
      throw this.#malformed("a line is too short, does not end with CRLF, or has a bare CR or a NUL in it", line);
    }
    const code = codeOf(line);
    const separator = line[3];
    if (code === undefined || (end > 3 && separator !== SPACE && separator !== HYPHEN)) {
      throw this.#malformed("a line is not a reply", line);
    }
    // defence: one-code-a-reply
    if (this.#lines.length > 0 && code !== this.#code) throw this.#malformed("the code changes inside one reply", line);
    this.#replySize += line.length;
    // defence: replies-have-a-largest-size
    if (this.#lines.length >= MOST_LINES || this.#replySize > LONGEST_REPLY) {
      throw this.#malformed("a reply has more than 128 lines or 64 KiB", line);
    }
    this.#code = code;
    this.#lines.push(line.toString("utf8", Math.min(4, end), end));
    if (separator === HYPHEN) return undefined;
    const said = this.#lines;
    this.#lines = [];
    this.#replySize = 0;
    // defence: challenge-is-not-shown
    const lines = code === CHALLENGE ? CHALLENGE_SHOWN : this.#concealment.strikeLines(said);
    return lines === said ? { code, lines } : { code, lines, verbatim: said };
  }

  #malformed(what: string, seen: Uint8Array): ProtocolError {
    // A secret may have begun in an earlier line of this reply.
    const lines = this.#concealment.strikeLines([...this.#lines, Buffer.from(seen).toString("utf8")]);
    const evidence = this.#concealment.excerpt(lines.at(-1) ?? "", 200);
    const other = OTHER_PROTOCOLS.find(([beginning]) => evidence.startsWith(beginning))?.[1];
    const means = other === undefined ? "The port may speak another protocol" : `The port speaks ${other}, it seems`;
    return new ProtocolError(
      "MAIL_PROTOCOL_MALFORMED_REPLY",
      `The reply of ${this.#peer} breaks the SMTP grammar: ${what}. ${means}, or somebody is changing the conversation.`,
      evidence,
    );
  }
}

function codeOf(line: Uint8Array): number | undefined {
  const [hundreds = 0, tens = 0, ones = 0] = line;
  const digits = [hundreds - ZERO, tens - ZERO, ones - ZERO] as const;
  if (digits[0] < 2 || digits[0] > 5 || digits.some((digit) => digit < 0 || digit > 9)) return undefined;
  return digits[0] * 100 + digits[1] * 10 + digits[2];
}
