/** Ready-made messages: judged, never re-encoded, since that would break their signatures (DKIM, S/MIME, OpenPGP). */
import { Buffer, isAscii as areAscii } from "node:buffer";
import { types } from "node:util";
import { InputError } from "../errors/input-error.ts";
import { readOptions } from "../policy/own-options.ts";
import { type Content, type ContentLimits, judgeEightBit, limited, textContent } from "./content.ts";
import { judgeDsn } from "./dsn.ts";
import { judgeFlag } from "./flag.ts";
import { createEnvelope, parsePaths, parseReversePath, type PreparedMessage } from "./envelope.ts";
import type { HandedOver } from "./handed-over.ts";
import { HeaderJudge } from "./header-judge.ts";
import type { ReadyMessage } from "./input.ts";
import { LineJudge } from "./line-judge.ts";
import { octetsOf } from "./octets.ts";
import { memorySource, type OctetSource, openFile, openStream, type Place } from "./octet-source.ts";
import { isAscii } from "./text-judge.ts";

const KEYS: ReadonlySet<string> = new Set(["envelope", "message", "dsn", "requireTls", "smtpUtf8", "size"]);
const FILE_KEYS: ReadonlySet<string> = new Set(["path"]);
const ENVELOPE_KEYS: ReadonlySet<string> = new Set(["from", "to"]);
/** A longer array is not copied but judged twice, before connecting and block by block as it is sent: that costs less. */
const MOST_COPIED = 256 * 1024;
const PLACE: Place = { code: "MAIL_INPUT_MESSAGE", field: "message" };

/** What reading a message once shows about it. */
interface Findings {
  /** In octets as they are sent, with CRLF line ends. */
  readonly size: number;
  readonly eightBit: boolean;
  readonly utf8Header: boolean;
  readonly messageId: string | undefined;
  readonly commandFree: boolean;
}

interface Judged {
  readonly content: Content;
  /** Absent for a stream, of which nothing is known. */
  readonly findings?: Findings;
}

/** Throws `InputError`. Returns a promise for a file, which it reads once from end to end; does not touch a stream. */
export function readyMessage(given: ReadyMessage, handed: HandedOver): PreparedMessage | Promise<PreparedMessage> {
  const ready = readOptions(given, KEYS, { ...PLACE, field: "", name: "message" });
  const { from, to } = readOptions(ready.envelope, ENVELOPE_KEYS, { ...PLACE, field: "envelope" });
  const envelope = createEnvelope(parseReversePath(from, "envelope.from"), parsePaths(to, "envelope.to"));
  const dsn = judgeDsn(ready.dsn);
  const requireTls = judgeFlag(ready.requireTls, "requireTls");
  const asked = judgeFlag(ready.smtpUtf8, "smtpUtf8") || envelope.utf8;
  const prepared = ({ content, findings }: Judged): PreparedMessage => ({
    messageId: findings?.messageId,
    envelope,
    smtpUtf8: asked || findings?.utf8Header === true,
    dsn,
    requireTls,
    content,
  });
  const { message, size } = ready;
  const isStream = !isHeld(message) && !isFile(message);
  if (size !== undefined) judgeSize(size, isStream);
  if (isHeld(message)) return prepared(judgeMemory(message));
  if (isFile(message)) return judgeFile(readOptions(message, FILE_KEYS, PLACE).path).then(prepared);
  // Its own line ends may be LF: what is counted is what is sent.
  const stream = judgedContent(openStream(message, undefined, PLACE, handed), asked, undefined);
  return prepared({ content: { ...stream, size } });
}

function judgeSize(size: unknown, isStream: boolean): void {
  const why = !isStream
    ? "belongs to a stream: the size of octets, text and files is seen. Leave it out."
    : Number.isSafeInteger(size) && Number(size) > 0
      ? undefined
      : "must be a whole number of octets, 1 or more.";
  if (why !== undefined) throw new InputError(PLACE.code, "size", why);
}

function isHeld(message: ReadyMessage["message"]): message is string | Uint8Array {
  return typeof message === "string" || types.isUint8Array(message);
}

/** Excludes streams, since Node's file stream has a path too. */
function isFile(message: ReadyMessage["message"]): message is { readonly path: string | URL } {
  return (
    typeof message === "object" &&
    message !== null &&
    Object.hasOwn(message, "path") &&
    !(Symbol.asyncIterator in message)
  );
}

async function judgeFile(path: string | URL): Promise<Judged> {
  const file = await openFile(path, { ...PLACE, field: "message.path" });
  const findings = await scan(file);
  return { content: judgedContent(file, findings.utf8Header, findings), findings };
}

function judgeMemory(given: string | Uint8Array): Judged {
  const held = octetsOf(given);
  const judge = new ReadyJudge();
  if (held !== undefined && held.length > MOST_COPIED) {
    judge.judge(held);
    judge.end();
    const { findings } = judge;
    return { content: judgedContent(memorySource(held), findings.utf8Header, findings), findings };
  }
  // The text is a copy of the array: what was judged is sent, even if the caller changes the array.
  const copy = held === undefined ? textOf(String(given)) : octetsAsText(held);
  const text = judge.judgeText(copy.text, copy.ascii);
  const tail = Buffer.from(judge.end()).toString("latin1");
  const { findings } = judge;
  return { content: textContent(text + tail, "latin1", findings.eightBit, findings.commandFree), findings };
}

/** A message as one character for each octet, and whether none is over 127. */
interface OctetText {
  readonly text: string;
  readonly ascii: boolean;
}

/** The UTF-8 of the text. */
function textOf(text: string): OctetText {
  return isAscii(text) ? { text, ascii: true } : octetsAsText(Buffer.from(text));
}

function octetsAsText(given: Buffer): OctetText {
  // Another thread can change shared memory between the two looks at it.
  const octets = types.isSharedArrayBuffer(given.buffer) ? Buffer.from(given) : given;
  return { text: octets.toString("latin1"), ascii: areAscii(octets) };
}

async function scan(source: OctetSource): Promise<Findings> {
  const judge = new ReadyJudge();
  for await (const chunk of source.open()) judge.judge(chunk);
  judge.end();
  return judge.findings;
}

/** Judges the message while it is sent, for the second time unless it is a stream. `expected`: the findings before connecting. */
function judgedContent(source: OctetSource, utf8Header: boolean, expected: Findings | undefined): Content {
  return {
    size: expected?.size,
    put: undefined,
    eightBit: expected?.eightBit,
    eightBitIn: undefined,
    commandFree: expected?.commandFree === true,
    replayable: source.replayable,
    open: (limits) => limited(judged(source, utf8Header, expected, limits), expected?.eightBit === true, limits),
  };
}

async function* judged(
  source: OctetSource,
  utf8Header: boolean,
  expected: Findings | undefined,
  limits: ContentLimits,
): AsyncGenerator<Uint8Array> {
  const judge = new ReadyJudge();
  for await (const chunk of source.open()) {
    const octets = judge.judge(chunk);
    if (judge.findings.eightBit) judgeEightBit(limits);
    if (judge.findings.utf8Header && !utf8Header) {
      throw new InputError(PLACE.code, PLACE.field, "has a UTF-8 header. Pass smtpUtf8: true with a stream like this.");
    }
    // It is sent as a chunk: a command in it must not go out before the change is found at the end.
    // defence: changed-octets-stop
    if (expected?.commandFree === true && !judge.findings.commandFree) throw changed();
    if (octets.length > 0) yield octets;
  }
  const tail = judge.end();
  if (expected !== undefined && !isSame(expected, judge.findings)) throw changed();
  if (tail.length > 0) yield tail;
}

function isSame(one: Findings, other: Findings): boolean {
  return (
    one.size === other.size &&
    one.eightBit === other.eightBit &&
    one.messageId === other.messageId &&
    one.commandFree === other.commandFree
  );
}

function changed(): InputError {
  return new InputError(PLACE.code, PLACE.field, "changed after it was judged. Send it again.");
}

class ReadyJudge {
  readonly #header = new HeaderJudge(PLACE);
  readonly #lines = new LineJudge(PLACE, (line) => this.#header.line(line));
  #size = 0;

  get findings(): Findings {
    return {
      size: this.#size,
      eightBit: this.#lines.eightBit,
      utf8Header: this.#header.utf8,
      messageId: this.#header.messageId,
      commandFree: !this.#lines.commandLike,
    };
  }

  judgeText(chunk: string, ascii: boolean): string {
    const text = this.#lines.judgeText(chunk, ascii);
    this.#size += text.length;
    return text;
  }

  judge(chunk: Uint8Array): Uint8Array {
    const octets = this.#lines.judge(chunk);
    this.#size += octets.length;
    return octets;
  }

  end(): Uint8Array {
    const tail = this.#lines.end();
    this.#header.finish();
    this.#size += tail.length;
    return tail;
  }
}
