/** The processes of a real server, as chaos meets them. */
import { readdirSync, readFileSync } from "node:fs";

/** The process ids of those that this one has started. */
export function childrenOf(pid: number): readonly number[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return all.map(Number).filter((one) => parentOf(one) === pid);
}

/** Its name, as the kernel has it: at most 15 characters. */
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
      // It has ended meanwhile.
    }
  }
}

function parentOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold anything.
    const [, , parent] = text.slice(text.lastIndexOf(")")).split(" ");
    return Number(parent);
  } catch {
    return undefined;
  }
}
