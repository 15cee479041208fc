/** Starts a worker in a process of its own. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Task } from "./worker.ts";

const WORKER = path.join(import.meta.dirname, "worker.ts");
const CLOCK = new URL("./clock.ts", import.meta.url);

export interface Child {
  readonly process: ChildProcess;
  /** Resolves once it works, or has ended before. */
  readonly working: Promise<unknown>;
  readonly ended: Promise<unknown>;
}

/** `shift`: milliseconds by which its wall clock is wrong. */
export function startWorker(task: Task, { shift = 0 }: { readonly shift?: number } = {}): Child {
  const child = fork(WORKER, [], {
    execArgv: ["--conditions=@postseal/source", ...(shift === 0 ? [] : [`--import=${CLOCK.href}?shift=${shift}`])],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = once(child, "exit");
  const working = Promise.race([once(child, "message"), ended]);
  child.send(task);
  return { process: child, working, ended };
}

/** Waits until the process has stopped itself (proc(5): the state follows the name in brackets). Rejects if it has ended. */
export async function stopped({ process: { pid } }: Child): Promise<void> {
  while (!/\) T /.test(await readFile(`/proc/${pid}/stat`, "utf8"))) await delay(20);
}
