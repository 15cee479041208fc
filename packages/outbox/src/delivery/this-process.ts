/** Which process this is, so that another one on the same machine can see whether it still runs. */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { WorkerFacts } from "../store/operations.ts";

/** Process ids mean something only on one machine, since its last start, and in one process namespace (a container has its own). */
const host: string = [hostname(), textOf("/proc/sys/kernel/random/boot_id"), linkOf("/proc/self/ns/pid")].join(" ");

export function thisProcess(worker: string): WorkerFacts {
  return { worker, host, pid: process.pid, started: startOf(process.pid) ?? "" };
}

/** Whether it is proved that the worker's process has ended. Without proof it counts as alive, until its heartbeat stops. */
export function hasEnded({ host: where, pid, started }: WorkerFacts): boolean {
  if (where !== host) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // No such process; EPERM would mean that there is one, of another user.
    return typeof error === "object" && error !== null && Reflect.get(error, "code") === "ESRCH";
  }
  const now = startOf(pid);
  // The process id may be another process's by now.
  return now !== undefined && started !== "" && now !== started;
}

/** In ticks since the machine's start: proc(5), field 22 of stat. `undefined` if the system has no /proc. */
function startOf(pid: number): string | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  // The name of the program is in parentheses, and may hold anything.
  return stat === "" ? undefined : stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}
