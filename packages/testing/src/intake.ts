/** What a client says, by line or by count. A line ends with CRLF and nothing else (RFC 5321 section 2.3.8). */
import { Inlet } from "@postseal/lab";

/** A bare CR or LF: two readers would not agree on where the line ends, which is how messages are smuggled. */
export class BareLineEnd extends Error {}

const [CR, LF] = [0x0d, 0x0a];
/** Longer than any line of a message or command that keeps to the standard. */
const LONGEST_LINE = 64 * 1024;

export class Intake {
  readonly #inlet = new Inlet();

  readonly push = (chunk: Buffer): void => this.#inlet.push(chunk);

  readonly end = (): void => this.#inlet.end();

  get isEmpty(): boolean {
    return this.#inlet.isEmpty;
  }

  /** Without its CRLF; `undefined` after the last whole one. Throws `BareLineEnd`. */
  async line(): Promise<Buffer | undefined> {
    const line = await this.#inlet.wholeLine(LONGEST_LINE);
    if (line === undefined) return undefined;
    if (line.at(-1) !== LF) throw new BareLineEnd("a line without an end");
    if (line.length < 2 || line.indexOf(CR) !== line.length - 2) throw new BareLineEnd("a bare CR or LF");
    return line.subarray(0, -2);
  }

  octets(count: number): Promise<Buffer | undefined> {
    return this.#inlet.octets(count);
  }
}
