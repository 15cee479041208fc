/** The only way out of the command: it escapes what a terminal would obey, and what reorders or hides text. */
import { styleText } from "./node-util.ts";
import { exits } from "./result/exits.ts";
import { systemCode } from "./system-code.ts";
import { jsonSafe, pageSafe, printable, widthOf, wrap } from "./terminal.ts";

export interface LineOptions {
  /** Before each line after the first. Default: two spaces. */
  readonly indent?: string;
  /** `false`: one line, however long, as in a log. */
  readonly isWrapped?: boolean;
  /** One word of it in a colour, on a terminal that has colours. */
  readonly painted?: { readonly word: string; readonly colour: Colour };
}

export type Colour = "green" | "red" | "yellow";

/** Standard output or standard error; a test gives its own. */
type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export class Output {
  readonly #stream: Stream;
  #status = "";

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  /** The width of the terminal; `undefined` if the stream is not one. */
  get columns(): number | undefined {
    return this.isTerminal ? this.#stream.columns : undefined;
  }

  /** Where to wrap; `undefined` if the stream is not a terminal. */
  get width(): number | undefined {
    return widthOf(this.#stream);
  }

  /** Writes one line, whatever is in the text. Its leading spaces stand before each of the lines that it is wrapped into. */
  line(text: string, { indent = "  ", isWrapped = true, painted }: LineOptions = {}): void {
    const stream = this.#stream;
    // defence: lines-are-safe
    const safe = printable(text);
    const words = safe.trimStart();
    const margin = safe.slice(0, safe.length - words.length);
    const width = this.width === undefined || !isWrapped ? undefined : this.width - margin.length;
    const line = margin + wrap(words, width, indent);
    // Coloured after wrapping: escapes have no width.
    const coloured =
      painted === undefined ? line : line.replace(painted.word, (word) => styleText(painted.colour, word, { stream }));
    stream.write(`${coloured}\n`);
  }

  /** Writes a page that the command or the lab has made: line ends and colours stay. */
  page(text: string): void {
    // defence: pages-are-safe
    this.#stream.write(pageSafe(text));
  }

  /** Writes octets as they are, unless a terminal would obey them. */
  octets(octets: Uint8Array): void {
    // defence: octets-are-safe
    if (this.isTerminal) this.page(new TextDecoder().decode(octets).replaceAll("\r\n", "\n"));
    else this.#stream.write(octets);
  }

  /** One object on one line. */
  json(value: unknown): void {
    this.jsonText(`${JSON.stringify(value)}\n`);
  }

  /** Writes JSON that is text already. */
  jsonText(text: string): void {
    // defence: json-is-safe
    this.#stream.write(jsonSafe(text));
  }

  /** Writes a line that the next one replaces; only on a terminal. */
  status(text: string): void {
    // Only if it changed: a terminal is slower than the progress that it shows.
    if (!this.isTerminal || text === this.#status) return;
    this.#status = text;
    const width = (this.columns || 80) - 1;
    this.#stream.write(`\r\u001b[2K${printable(text).slice(0, width)}`);
  }

  clearStatus(): void {
    if (this.#status !== "") this.#stream.write("\r\u001b[2K");
    this.#status = "";
  }
}

/** Only for readline, which echoes what is typed. Everything else goes through `Output`. */
export const terminal: NodeJS.WriteStream = process.stdout;
export const output: Output = new Output(process.stdout);
export const errors: Output = new Output(process.stderr);

let lost: unknown;
process.stdout.on("error", (error) => {
  // `| head` closes the pipe early, which is no error.
  if (systemCode(error) !== " (EPIPE)") lost ??= error;
});
process.stderr.on("error", () => {});
process.once("exit", () => {
  if (lost === undefined) return;
  errors.line(`postseal: the result could not be written to standard output${systemCode(lost)}`);
  // A mail that was taken must not look unsent, and JSON that nobody can read must not look like success.
  if (process.exitCode === exits.done.code) process.exitCode = exits.unknown.code;
});
