/** A process that answers questions. Sink, relay and each client have one, so that the CPU of each is its own. */
import { type ChildProcess, fork } from "node:child_process";

export class Worker {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #questions = 0;

  /** `fromSource`: use the packages' sources instead of the compiled code. */
  constructor(script: URL, fromSource: boolean) {
    this.#child = fork(script, {
      execArgv: fromSource ? ["--conditions=@postseal/source"] : [],
      serialization: "advanced",
    });
    this.#child.on("message", (message: unknown) => {
      if (!isAnswer(message)) return;
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
    });
    this.#child.on("exit", (code, signal) => {
      for (const [id, settle] of this.#waiting) settle({ id, error: `the process ended (${code ?? signal})` });
      this.#waiting.clear();
    });
  }

  /** Throws what the other side threw, or if `isExpected` refuses the answer. */
  async ask<T>(name: string, value: unknown, isExpected: (answer: unknown) => answer is T): Promise<T> {
    this.#questions += 1;
    const question: Question = { id: this.#questions, name, value };
    const answer = await new Promise<Answer>((resolve) => {
      const settle = (found: Answer): void => {
        clearTimeout(deadline);
        resolve(found);
      };
      const deadline = setTimeout(() => settle({ id: question.id, error: "no answer in five minutes" }), LONGEST_WAIT);
      this.#waiting.set(question.id, settle);
      this.#child.send(question);
    });
    if (answer.error !== undefined) throw new Error(`${name}: ${answer.error}`);
    if (!isExpected(answer.value)) throw new Error(`${name}: the answer has the wrong shape`);
    return answer.value;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }
}

/** Answers questions in the process on the other side, which ends when the asking process has ended. */
export function answerQuestions(answers: Readonly<Record<string, (value: unknown) => unknown>>): void {
  process.on("message", (message: unknown) => {
    if (!isQuestion(message)) return;
    const { id, name, value } = message;
    Promise.resolve()
      .then(() => answers[name]?.(value))
      .then(
        (found) => reply({ id, value: found }),
        (error: unknown) =>
          reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
  });
  process.on("disconnect", () => process.exit());
}

function reply(answer: Answer): void {
  process.send?.(answer);
}

/** Both sides are ours and of one version, so one property is enough to recognise the right answer. */
export function isRecordWith<T>(property: keyof T & string): (value: unknown) => value is T {
  return (value): value is T => typeof value === "object" && value !== null && property in value;
}

export function isNothing(value: unknown): value is undefined {
  return value === undefined;
}

/** Milliseconds. */
const LONGEST_WAIT = 300_000;

interface Question {
  readonly id: number;
  readonly name: string;
  readonly value: unknown;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

const isQuestion: (value: unknown) => value is Question = isRecordWith<Question>("name");
const isAnswer: (value: unknown) => value is Answer = isRecordWith<Answer>("id");
