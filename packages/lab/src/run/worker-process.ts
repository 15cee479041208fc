/** A worker as the crew sees it: a process that answers orders, and can always be ended. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { LabError } from "../isolation/lab-error.ts";
import type { Run } from "../report/report.ts";
import type { Trial } from "./trial.ts";
import type { Answer, Order } from "./worker.ts";

export interface WorkerOptions {
  /** Put before the worker's command to run it in namespaces; empty for none. */
  readonly prefix: readonly string[];
  /** What a worker in namespaces puts before a client's command. */
  readonly cell: readonly string[] | undefined;
  /** The run's folder. */
  readonly folder: string;
}

/** Milliseconds for a worker to end by itself. */
const PATIENCE = 2_000;
/** Milliseconds for all of a trial but the client's own time: a busy machine may take some seconds. */
const ALLOWANCE = 30_000;
const WORKER: string = fileURLToPath(new URL(`./worker${path.extname(import.meta.url)}`, import.meta.url));

export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #options: WorkerOptions;
  #said = "";

  constructor(options: WorkerOptions) {
    this.#options = options;
    const conditions = process.execArgv.filter((argument) => argument.startsWith("--conditions"));
    const [program, ...rest] = [...options.prefix, process.execPath, "--disable-sigusr1", ...conditions, WORKER];
    // Its own process group, so that Ctrl-C on the terminal reaches only this process, which ends the workers.
    this.#child = spawn(program, rest, {
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#child.on("error", () => undefined);
    this.#child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.#said = (this.#said + chunk).slice(-2_000);
    });
  }

  async setUp(): Promise<void> {
    const { folder, cell } = this.#options;
    await this.#ask({ set: { folder, cell } }, ALLOWANCE);
  }

  async run(trial: Trial): Promise<Run> {
    const answer = await this.#ask({ trial }, trial.timeoutMs + ALLOWANCE);
    if (answer.kind !== "done") throw new TypeError(`a worker answered a trial with ${answer.kind}`);
    return answer.run;
  }

  /** The worker then ends its client and itself. */
  leave(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (hasEnded(child)) return;
    const gone = once(child, "exit");
    this.leave();
    const force = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    await gone;
    clearTimeout(force);
  }

  #ask(order: Order, timeoutMs: number): Promise<Answer> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const onExit = (): void =>
        settle(() =>
          reject(new LabError("LAB_WORKER", `a process of the lab ended unexpectedly: ${this.#said.trim()}`)),
        );
      const onMessage = (answer: Answer): void =>
        settle(() => (answer.kind === "failed" ? reject(new LabError(answer.code, answer.reason)) : resolve(answer)));
      const late = setTimeout(() => {
        settle(() => reject(new LabError("LAB_WORKER", "a process of the lab did not answer in time")));
        child.kill("SIGKILL");
      }, timeoutMs);
      const settle = (how: () => void): void => {
        clearTimeout(late);
        child.off("exit", onExit).off("error", onExit).off("message", onMessage);
        how();
      };
      child.on("exit", onExit).on("error", onExit).on("message", onMessage);
      if (hasEnded(child) || !child.connected) onExit();
      else child.send(order, (error) => (error === null ? undefined : onExit()));
    });
  }
}

function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}
