/** The only way out of the command: nothing that a terminal would obey, and nothing that reorders or hides text, passes it. */
import { styleText } from "./node-util.ts";
import { jsonSafe, pageSafe, printable, widthOf, wrap } from "./terminal.ts";

export interface LineOptions {
  /** Of the lines after the first. Default two spaces. */
  readonly indent?: string;
  /** `false`: however long it is, as a log is. */
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

  /** Of the terminal; `undefined` if there is none. */
  get columns(): number | undefined {
    return this.isTerminal ? this.#stream.columns : undefined;
  }

  /** How wide to wrap; `undefined` if nobody reads along. */
  get width(): number | undefined {
    return widthOf(this.#stream);
  }

  /** One line, whatever is in the text. Spaces that it begins with stand before each of the lines it is wrapped into. */
  line(text: string, { indent = "  ", isWrapped = true, painted }: LineOptions = {}): void {
    const stream = this.#stream;
    // defence: lines-are-safe
    const safe = printable(text);
    const words = safe.trimStart();
    const margin = safe.slice(0, safe.length - words.length);
    const width = this.width === undefined || !isWrapped ? undefined : this.width - margin.length;
    const line = margin + wrap(words, width, indent);
    // Coloured after it was measured: escapes have no width.
    const coloured =
      painted === undefined ? line : line.replace(painted.word, (word) => styleText(painted.colour, word, { stream }));
    stream.write(`${coloured}\n`);
  }

  /** A page that the command has made, or the lab: line ends and colours stay. */
  page(text: string): void {
    // defence: pages-are-safe
    this.#stream.write(pageSafe(text));
  }

  /** One object on one line. */
  json(value: unknown): void {
    this.jsonText(`${JSON.stringify(value)}\n`);
  }

  /** JSON that is written already. */
  jsonText(text: string): void {
    // defence: json-is-safe
    this.#stream.write(jsonSafe(text));
  }

  /** A line that the next one is written over, on a terminal only. */
  status(text: string): void {
    // Written only if it changed: the terminal is slower than what it tells about.
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

/** For readline, which echoes what is typed. All else goes through `Output`. */
export const terminal: NodeJS.WriteStream = process.stdout;
export const output: Output = new Output(process.stdout);
export const errors: Output = new Output(process.stderr);

// A reader that has gone (`| head`) is no reason for a stack trace.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
