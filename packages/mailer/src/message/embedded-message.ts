/**
 * A message that is attached: never base64 (RFC 2046 section 5.2.1), so it goes as it is, and its lines are judged like
 * those of the message around it, which its line ends could otherwise end.
 */
import { Buffer } from "node:buffer";
import { InputError } from "../errors/input-error.ts";
import { once } from "./content.ts";
import { LineJudge } from "./line-judge.ts";
import type { OctetSource, Place } from "./octet-source.ts";
import type { EncodedBody, TextBody } from "./part.ts";
import { isAscii } from "./text-judge.ts";

/** What to do with a message that cannot be embedded. */
export const AS_OCTETS = "Attach it with the content type application/octet-stream and a filename that ends in .eml.";

/** What reading it once shows. */
interface Findings {
  readonly size: number;
  readonly eightBit: boolean;
  readonly commandFree: boolean;
}

/** From memory. Throws `InputError` if it cannot be embedded. */
export function embeddedOctets(octets: Uint8Array, place: Place): TextBody | EncodedBody {
  const judge = new EmbeddedJudge(place);
  // Of a copy: what was judged is sent, even if the caller, or another thread, changes the array.
  const judged = Buffer.concat([judge.judge(Buffer.from(octets)), judge.end()]);
  const { size, eightBit, commandFree } = judge.findings;
  if (!eightBit) return { text: judged.toString("latin1").replace(/\r\n$/, ""), commandFree };
  return {
    size,
    commandFree,
    eightBitIn: place.field,
    replayable: true,
    put: (target, at) => at + judged.copy(target, at),
    open: () => once(judged),
  };
}

/** From a file, which is judged now and again when it is sent. Rejects with `InputError` if it cannot be embedded. */
export async function embeddedFile(file: OctetSource, place: Place): Promise<EncodedBody> {
  const judge = new EmbeddedJudge(place);
  for await (const chunk of file.open()) judge.judge(chunk);
  judge.end();
  const expected = judge.findings;
  return {
    size: expected.size,
    commandFree: expected.commandFree,
    eightBitIn: expected.eightBit ? place.field : undefined,
    replayable: true,
    open: () => judgedAgain(file, expected, place),
  };
}

async function* judgedAgain(file: OctetSource, expected: Findings, place: Place): AsyncGenerator<Uint8Array> {
  const judge = new EmbeddedJudge(place);
  for await (const chunk of file.open()) {
    const octets = judge.judge(chunk);
    // Before the octets go out: in a chunk a command must not, nor what the server did not say it takes.
    // defence: changed-embedded-message-stops
    if (exceeds(judge.findings, expected)) throw changed(place);
    if (octets.length > 0) yield octets;
  }
  const tail = judge.end();
  if (judge.findings.size !== expected.size || exceeds(judge.findings, expected)) throw changed(place);
  if (tail.length > 0) yield tail;
}

function exceeds(found: Findings, expected: Findings): boolean {
  return (
    found.size > expected.size || (found.eightBit && !expected.eightBit) || (expected.commandFree && !found.commandFree)
  );
}

class EmbeddedJudge {
  readonly #lines: LineJudge;
  #size = 0;

  constructor(place: Place) {
    this.#lines = new LineJudge(place, (line) => judgeHeaderLine(line, place));
  }

  get findings(): Findings {
    return {
      size: this.#size,
      eightBit: this.#lines.eightBit,
      // defence: embedded-message-without-commands
      commandFree: !this.#lines.commandLike,
    };
  }

  judge(chunk: Uint8Array): Uint8Array {
    return this.#counted(this.#lines.judge(chunk));
  }

  end(): Uint8Array {
    return this.#counted(this.#lines.end());
  }

  #counted(octets: Uint8Array): Uint8Array {
    this.#size += octets.length;
    return octets;
  }
}

/** A header that is not ASCII makes it another media type, which hardly any reader knows (RFC 6532 section 3.7). */
function judgeHeaderLine(line: string, { code, field }: Place): boolean {
  if (!isAscii(line))
    throw new InputError(
      code,
      field,
      `is a message with octets over 127 in its header, which cannot be embedded as it is. ${AS_OCTETS}`,
    );
  return line !== "";
}

function changed({ code, field }: Place): InputError {
  return new InputError(code, field, "changed after it was judged. Send it again.");
}
