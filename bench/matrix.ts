/** `npm run bench:matrix -- --jobs 2`: how long `postseal lab matrix` takes, and the most memory that a worker of it has had. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Issue of the lab: no worker may need more. */
const LIMIT_MB = 300;
/** Milliseconds between two looks. The kernel keeps the most that a process has had, so that nothing in between is missed. */
const ROUND = 200;
const KILOBYTES_A_MB = 1_000;
const MAIN: string = path.resolve(import.meta.dirname, "../packages/cli/src/main.ts");
const WORKER = /\/run\/worker\.[jt]s$/;

const peaks: Map<string, number> = new Map();
const started = performance.now();
const conditions = process.execArgv.filter((argument) => argument.startsWith("--conditions"));
const lab = spawn(process.execPath, [...conditions, MAIN, "lab", "matrix", ...process.argv.slice(2)], {
  stdio: "inherit",
});
const ended = once(lab, "exit").then(() => true);
do lookAtWorkers(lab.pid ?? 0);
while (!(await Promise.race([ended, delay(ROUND, false)])));
const seconds = Math.round((performance.now() - started) / 1_000);
const most = Math.round(Math.max(0, ...peaks.values()) / KILOBYTES_A_MB);
process.stderr.write(`${seconds} s, ${peaks.size} workers, at most ${most} MB in one of them\n`);
process.exitCode = most > LIMIT_MB ? 1 : (lab.exitCode ?? 1);

/** Notes the most memory so far (VmHWM of proc(5), in kB) of each worker below this process. */
function lookAtWorkers(ancestor: number): void {
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const words = fileOf(id, "cmdline").split("\0");
    const peak = /^VmHWM:\s*(\d+) kB$/m.exec(fileOf(id, "status"))?.[1];
    const [program = "", ...rest] = words;
    if (peak === undefined || path.basename(program) !== "node" || !rest.some((word) => WORKER.test(word))) continue;
    if (descends(id, ancestor)) peaks.set(id, Math.max(peaks.get(id) ?? 0, Number(peak)));
  }
}

function descends(id: string, ancestor: number): boolean {
  for (let at = id; Number(at) > 1; at = /^PPid:\s*(\d+)$/m.exec(fileOf(at, "status"))?.[1] ?? "0")
    if (Number(at) === ancestor) return true;
  return false;
}

/** Empty if the process has ended. */
function fileOf(id: string, name: string): string {
  try {
    return readFileSync(`/proc/${id}/${name}`, "latin1");
  } catch {
    return "";
  }
}
