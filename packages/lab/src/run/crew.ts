/** Runs trials in workers: as many at a time as may be busy, and more while some only wait for a client to give up. */
import { LabError } from "../isolation/lab-error.ts";
import type { Run } from "../report/report.ts";
import { type WorkerOptions, WorkerProcess } from "./worker-process.ts";
import type { Trial } from "./trial.ts";

export interface CrewOptions extends WorkerOptions {
  /** How many trials may be under way at the same time, not counting those whose client only waits. */
  readonly jobs: number;
  readonly signal: AbortSignal;
}

/** Milliseconds after which a trial counts as waiting: by then a client has started, spoken and usually ended. */
const BUSY = 500;
/** Workers for each job. A waiting worker costs memory, but no time. */
const WAITERS = 5;
/** How often a trial is begun, if its worker fails: that may have been another client's fault. */
const ATTEMPTS = 2;

interface Waiting {
  readonly trial: Trial;
  readonly attempt: number;
  readonly done: (run: Run) => void;
  readonly failed: (error: unknown) => void;
}

export class Crew {
  readonly #options: CrewOptions;
  readonly #queue: Waiting[] = [];
  readonly #idle: WorkerProcess[] = [];
  readonly #workers: Set<WorkerProcess> = new Set();
  readonly #work: Set<Promise<void>> = new Set();
  #busy = 0;
  #closed: { readonly reason: unknown } | undefined;

  constructor(options: CrewOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => this.#close(options.signal.reason), { once: true });
  }

  /**
   * Rejects with the signal's reason if the signal is aborted first, and with `LabError` if the client cannot be started, or
   * the lab's own processes failed more than once.
   */
  run(trial: Trial): Promise<Run> {
    return new Promise((done, failed) => {
      this.#queue.push({ trial, attempt: 1, done, failed });
      if (this.#options.signal.aborted) this.#close(this.#options.signal.reason);
      this.#next();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close(new LabError("LAB_WORKER", "the lab has ended"));
    await Promise.all(this.#work);
    await Promise.all([...this.#workers].map((worker) => worker[Symbol.asyncDispose]()));
  }

  #next(): void {
    if (this.#closed !== undefined) {
      for (const { failed } of this.#queue.splice(0)) failed(this.#closed.reason);
      return;
    }
    while (this.#busy < this.#options.jobs && this.#queue.length > 0) {
      const canHire = this.#work.size < this.#options.jobs * WAITERS;
      if (!canHire) return;
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      const work = this.#serve(waiting).finally(() => {
        this.#work.delete(work);
        this.#next();
      });
      this.#work.add(work);
    }
  }

  async #serve(waiting: Waiting): Promise<void> {
    const { trial, attempt, done, failed } = waiting;
    this.#busy += 1;
    let counted = true;
    const uncount = (): void => {
      if (counted) this.#busy -= 1;
      counted = false;
      this.#next();
    };
    let worker: WorkerProcess | undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      worker = this.#idle.pop() ?? (await this.#hire());
      timer = setTimeout(uncount, BUSY);
      done(await worker.run(trial));
      this.#idle.push(worker);
    } catch (error) {
      if (worker !== undefined) await this.#dismiss(worker);
      const isAgain = this.#closed === undefined && isOfTheLab(error) && attempt < ATTEMPTS;
      if (isAgain) this.#queue.unshift({ ...waiting, attempt: attempt + 1 });
      else failed(this.#closed === undefined ? error : this.#closed.reason);
    } finally {
      clearTimeout(timer);
      uncount();
    }
  }

  async #hire(): Promise<WorkerProcess> {
    const worker = new WorkerProcess(this.#options);
    this.#workers.add(worker);
    try {
      await worker.setUp();
    } catch (error) {
      await this.#dismiss(worker);
      throw error;
    }
    return worker;
  }

  async #dismiss(worker: WorkerProcess): Promise<void> {
    await worker[Symbol.asyncDispose]();
    this.#workers.delete(worker);
  }

  #close(reason: unknown): void {
    this.#closed ??= { reason };
    for (const worker of this.#workers) worker.leave();
    this.#next();
  }
}

function isOfTheLab(error: unknown): boolean {
  return !(error instanceof LabError) || error.code === "LAB_WORKER";
}
