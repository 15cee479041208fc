/** Runs trials in workers: as many at a time as may be busy, and more while some only wait for a client to give up. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makePrivateFolder } from "../isolation/private-folder.ts";
import type { Run } from "../report/report.ts";
import { LabError } from "../isolation/lab-error.ts";
import type { Trial } from "./trial.ts";
import type { Answer, Order } from "./worker.ts";

export interface CrewOptions {
  /** How many trials may be under way at the same time, not counting those whose client only waits. */
  readonly jobs: number;
  /** Put before the worker's command to run it in namespaces; empty for none. */
  readonly prefix: readonly string[];
  readonly signal: AbortSignal;
}

/** Milliseconds after which a trial counts as waiting: by then a client has started, spoken and usually ended. */
const BUSY = 500;
/** Milliseconds for a worker to end by itself. */
const PATIENCE = 2_000;
/** Workers for each job. A waiting worker costs memory, but no time. */
const WAITERS = 5;
const WORKER: string = fileURLToPath(new URL(`./worker${path.extname(import.meta.url)}`, import.meta.url));

interface Waiting {
  readonly trial: Trial;
  readonly done: (run: Run) => void;
  readonly failed: (error: unknown) => void;
}

export class Crew {
  readonly #options: CrewOptions;
  readonly #queue: Waiting[] = [];
  readonly #idle: Worker[] = [];
  readonly #workers: Set<Worker> = new Set();
  #busy = 0;
  #hired = 0;

  constructor(options: CrewOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => this.#abandon(), { once: true });
  }

  /** Rejects with the signal's reason if the signal is aborted first. */
  run(trial: Trial): Promise<Run> {
    return new Promise((done, failed) => {
      if (this.#options.signal.aborted) {
        failed(this.#options.signal.reason);
        return;
      }
      this.#queue.push({ trial, done, failed });
      this.#next();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker[Symbol.asyncDispose]()));
  }

  #next(): void {
    while (this.#busy < this.#options.jobs && this.#queue.length > 0) {
      const canHire = this.#hired < this.#options.jobs * WAITERS;
      if (this.#idle.length === 0 && !canHire) return;
      const waiting = this.#queue.shift();
      if (waiting !== undefined) void this.#work(waiting);
    }
  }

  async #work({ trial, done, failed }: Waiting): Promise<void> {
    this.#busy += 1;
    let counted = true;
    const uncount = (): void => {
      if (counted) this.#busy -= 1;
      counted = false;
      this.#next();
    };
    let worker: Worker | undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      worker = this.#idle.pop() ?? (await this.#hire());
      timer = setTimeout(uncount, BUSY);
      done(await worker.run(trial));
      this.#idle.push(worker);
    } catch (error) {
      failed(this.#options.signal.aborted ? this.#options.signal.reason : error);
    } finally {
      clearTimeout(timer);
      uncount();
    }
  }

  async #hire(): Promise<Worker> {
    this.#hired += 1;
    const worker = await Worker.start(this.#options.prefix);
    this.#workers.add(worker);
    await worker.furnish();
    return worker;
  }

  #abandon(): void {
    for (const { failed } of this.#queue.splice(0)) failed(this.#options.signal.reason);
    for (const worker of this.#workers) worker.leave();
  }
}

class Worker {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #isPrivate: boolean;
  #said = "";

  private constructor(child: ChildProcess, folder: string, isPrivate: boolean) {
    this.#child = child;
    this.#folder = folder;
    this.#isPrivate = isPrivate;
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#said = (this.#said + chunk).slice(-2_000);
    });
  }

  static async start(prefix: readonly string[]): Promise<Worker> {
    const folder = makePrivateFolder("lab");
    const conditions = process.execArgv.filter((argument) => argument.startsWith("--conditions"));
    const [program, ...rest] = [...prefix, process.execPath, ...conditions, WORKER];
    // Its own process group, so that Ctrl-C on the terminal reaches only this process, which ends the workers.
    const child = spawn(program, rest, { detached: true, stdio: ["ignore", "ignore", "pipe", "ipc"] });
    child.on("error", () => undefined);
    return new Worker(child, folder, prefix.length > 0);
  }

  async furnish(): Promise<void> {
    await this.#ask({ set: { folder: this.#folder, isPrivate: this.#isPrivate } });
  }

  async run(trial: Trial): Promise<Run> {
    const answer = await this.#ask({ trial });
    if (answer.kind !== "done") throw new TypeError(`a worker answered a trial with ${answer.kind}`);
    return answer.run;
  }

  /** The worker then ends its client and itself. */
  leave(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const gone = once(child, "exit");
      this.leave();
      const force = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
      await gone;
      clearTimeout(force);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #ask(order: Order): Promise<Answer> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const onExit = (): void =>
        settle(() =>
          reject(new LabError("LAB_WORKER", `a process of the lab ended unexpectedly: ${this.#said.trim()}`)),
        );
      const onMessage = (answer: Answer): void =>
        settle(() => (answer.kind === "failed" ? reject(new LabError(answer.code, answer.reason)) : resolve(answer)));
      const settle = (how: () => void): void => {
        child.off("exit", onExit).off("error", onExit).off("message", onMessage);
        how();
      };
      child.on("exit", onExit).on("error", onExit).on("message", onMessage);
      if (child.exitCode === null && child.signalCode === null) child.send(order);
      else onExit();
    });
  }
}
