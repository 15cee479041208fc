/** Asks on a terminal, one question after the other. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CommandError } from "../command-error.ts";
import { Interruption } from "../interruption.ts";
import { assertNotTraced } from "../traced-streams.ts";
import { printable, widthOf, wrap } from "../terminal.ts";

export interface Dialogue {
  say(line: string): void;
  /** What was typed, without the spaces around it; `fallback` where that is nothing. */
  ask(question: string, fallback?: string): Promise<string>;
  /** Nothing of the answer is shown. */
  askHidden(question: string): Promise<string>;
  /** Only the whole word `yes` is one. */
  confirm(question: string): Promise<boolean>;
}

export class TerminalDialogue implements Dialogue {
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;

  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream) {
    this.#input = input;
    this.#output = output;
  }

  say(line: string): void {
    this.#output.write(`${wrap(printable(line), widthOf(this.#output), "  ")}\n`);
  }

  async ask(question: string, fallback?: string): Promise<string> {
    const prompt = `${printable(question)}${fallback === undefined || fallback === "" ? "" : ` [${printable(fallback)}]`}: `;
    for (;;) {
      const answer = (await this.#question(prompt, this.#output)).trim();
      if (answer !== "" || fallback !== undefined) return answer === "" ? (fallback ?? "") : answer;
    }
  }

  async askHidden(question: string): Promise<string> {
    assertNotTraced("what is typed");
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    const answer = await this.#question("", nowhere, `${printable(question)}: `);
    this.#output.write("\n");
    return answer;
  }

  async confirm(question: string): Promise<boolean> {
    return (await this.#question(`${printable(question)} (yes/no): `, this.#output)).trim().toLowerCase() === "yes";
  }

  /** Ctrl-C and the end of the input end it: without this, a question would wait for ever. */
  #question(prompt: string, output: NodeJS.WritableStream, hidden = ""): Promise<string> {
    const reader = createInterface({ input: this.#input, output, terminal: true });
    // Not before the reader has silenced the terminal: who types fast would see it.
    this.#output.write(hidden);
    return new Promise<string>((resolve, reject) => {
      reader.once("SIGINT", () => {
        reject(new Interruption("SIGINT"));
        reader.close();
      });
      reader.once("close", () =>
        reject(new CommandError("CLI_USAGE", "the input ended before the question was answered: nothing was written")),
      );
      reader.question(prompt).then(resolve, reject);
    }).finally(() => reader.close());
  }
}
