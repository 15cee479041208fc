/** Finds the processes of a real server. */
import { readdirSync, readFileSync } from "node:fs";

/** The ids of the processes that this one has started. */
export function childrenOf(pid: number): readonly number[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((one) => parentOf(one) === pid);
}

/** A process's name, which the kernel cuts to 15 characters. */
export function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}

export function signal(pids: readonly number[], what: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, what);
    } catch {
      // The process has ended meanwhile.
    }
  }
}

function parentOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may contain anything, even a parenthesis.
    const [, , parent] = text.slice(text.lastIndexOf(")")).split(" ");
    return Number(parent);
  } catch {
    return undefined;
  }
}
