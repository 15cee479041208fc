/** Asks questions on a terminal, one at a time. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { CommandError } from "../command-error.ts";
import { Interruption } from "../interruption.ts";
import { output, terminal } from "../output.ts";
import { printable } from "../terminal.ts";
import { textFaultOf } from "../text-fault.ts";
import { assertNotTraced } from "../traced-streams.ts";

export interface Dialogue {
  say(line: string): void;
  /** Returns what was typed, without spaces around it; `fallback` if nothing was typed. */
  ask(question: string, fallback?: string): Promise<string>;
  /** Does not show the answer. Rejects if the signal is aborted. */
  askHidden(question: string, signal?: AbortSignal): Promise<string>;
  /** True only for the whole word `yes`. */
  confirm(question: string): Promise<boolean>;
}

interface Asking {
  /** What is shown although nothing that is typed is. */
  readonly hidden?: string;
  readonly signal?: AbortSignal | undefined;
}

export class TerminalDialogue implements Dialogue {
  readonly #input: NodeJS.ReadStream;

  constructor(input: NodeJS.ReadStream) {
    this.#input = input;
  }

  say(line: string): void {
    output.line(line);
  }

  async ask(question: string, fallback?: string): Promise<string> {
    const prompt = `${printable(question)}${fallback === undefined || fallback === "" ? "" : ` [${printable(fallback)}]`}: `;
    for (;;) {
      const answer = (await this.#question(prompt, terminal)).trim();
      if (answer !== "" || fallback !== undefined) return answer === "" ? (fallback ?? "") : answer;
    }
  }

  async askHidden(question: string, signal?: AbortSignal): Promise<string> {
    // defence: nothing-typed-through-a-traced-stream
    assertNotTraced("what is typed");
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    // The line end was not shown either, also if it ended otherwise.
    return this.#question("", nowhere, { hidden: `${printable(question)}: `, signal }).finally(() => output.page("\n"));
  }

  async confirm(question: string): Promise<boolean> {
    // defence: the-whole-word-yes
    return (await this.#question(`${printable(question)} (yes/no): `, terminal)).trim().toLowerCase() === "yes";
  }

  /** Ctrl-C and the end of the input end the question, which would wait forever otherwise. */
  #question(prompt: string, echo: NodeJS.WritableStream, { hidden = "", signal }: Asking = {}): Promise<string> {
    const reader = createInterface({ input: this.#input, output: echo, terminal: true });
    // Only after the reader has silenced the terminal: else it would show what a fast typist types.
    output.page(hidden);
    return new Promise<string>((resolve, reject) => {
      reader.once("SIGINT", () => {
        reject(new Interruption("SIGINT"));
        reader.close();
      });
      reader.once("close", () =>
        reject(new CommandError("CLI_USAGE", "the input ended before the question was answered: nothing was written")),
      );
      reader.question(prompt, signal === undefined ? {} : { signal }).then(resolve, reject);
    })
      .then(assertText)
      .finally(() => reader.close());
  }
}

/** If the terminal does not write UTF-8, the password that arrives is not the one that was typed. */
function assertText(answer: string): string {
  const fault = textFaultOf(answer);
  if (fault === undefined) return answer;
  throw new CommandError("CLI_USAGE", `the answer holds ${fault}: nothing was written`);
}
