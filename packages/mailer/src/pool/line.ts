/**
 * The messages that wait, in the order in which they came. One that has a `beforeHandover` and goes out in one piece may go only
 * after its caller was asked: it waits for a connection, then for the answer, then for its turn. Others pass it meanwhile.
 */
import { goesWhole } from "../protocol/plan.ts";
import type { Job } from "./job.ts";
import { Queue } from "./queue.ts";

export class Line {
  /** Those without a caller to ask. */
  readonly #free = new Queue<Job>();
  readonly #unasked = new Queue<Job>();
  /** With what ends the question. */
  readonly #asked = new Map<Job, AbortController>();
  /** Those whose caller has said yes. */
  readonly #cleared = new Queue<Job>();
  readonly #onCleared: () => void;
  readonly #onRefused: (job: Job, error: unknown) => void;
  #front = 0;
  #back = 0;

  /** `onCleared` is called when a message may go that could not before; `onRefused` after a message was taken out, since its caller said no. */
  constructor(onCleared: () => void, onRefused: (job: Job, error: unknown) => void) {
    this.#onCleared = onCleared;
    this.#onRefused = onRefused;
  }

  /** How many wait for a connection. Those whose caller is being asked do not. */
  get size(): number {
    return this.#free.size + this.#unasked.size + this.#cleared.size;
  }

  get isEmpty(): boolean {
    return this.size + this.#asked.size === 0;
  }

  /** The first that may go now. */
  get first(): Job | undefined {
    // Nearly always nobody is asked.
    if (this.#cleared.size === 0) return this.#free.first;
    const [free, cleared] = [this.#free.first, this.#cleared.first];
    return free !== undefined && cleared !== undefined && free.order < cleared.order ? free : cleared;
  }

  /** How many callers could be asked. */
  get unasked(): number {
    return this.#unasked.size;
  }

  /** How many callers are being asked, or have said yes to a message that has not gone yet. */
  get ahead(): number {
    return this.#asked.size + this.#cleared.size;
  }

  /** The first whose caller was not asked; `undefined` if there is something to do without it. */
  get stranded(): Job | undefined {
    return this.#free.size + this.ahead > 0 ? undefined : this.#unasked.first;
  }

  push(job: Job): void {
    job.order = this.#back += 1;
    this.#lineFor(job).push(job);
  }

  /** Puts it before all others. */
  unshift(job: Job): void {
    job.order = this.#front -= 1;
    this.#lineFor(job).unshift(job);
  }

  /** Takes out the first that may go now. */
  shift(): Job | undefined {
    if (this.#cleared.size === 0 || this.first !== this.#cleared.first) return this.#free.shift();
    return this.#cleared.shift();
  }

  remove(job: Job): void {
    const question = this.#asked.get(job);
    // defence: late-yes-sends-nothing
    this.#asked.delete(job);
    question?.abort();
    for (const queue of [this.#free, this.#unasked, this.#cleared]) if (queue.remove(job)) return;
  }

  /** Takes out all that wait for a connection. */
  clear(): readonly Job[] {
    return [...this.#cleared.clear(), ...this.#free.clear(), ...this.#unasked.clear()];
  }

  /** Asks the caller of the first that was not asked. */
  askNext(): void {
    const job = this.#unasked.shift();
    if (job?.options.beforeHandover === undefined) return;
    const question = new AbortController();
    this.#asked.set(job, question);
    job.options.beforeHandover(question.signal).then(
      () => this.#answered(job, () => this.#clear(job)),
      (error: unknown) => this.#answered(job, () => this.#onRefused(job, error)),
    );
  }

  #lineFor({ options, message }: Job): Queue<Job> {
    // The others are asked in the middle of their message.
    return options.beforeHandover !== undefined && goesWhole(message.content) ? this.#unasked : this.#free; // defence: caller-is-asked-before-admission
  }

  #answered(job: Job, act: () => void): void {
    if (this.#asked.delete(job)) act();
  }

  #clear(job: Job): void {
    this.#cleared.push(job);
    this.#onCleared();
  }
}
