/**
 * The namespaces of one trial, inside those of its worker: processes, mounts, host name and IPC of its own. The judge is
 * outside: the client cannot see it, so cannot signal or trace it, and what the client may write ends with the trial.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { LabError } from "./lab-error.ts";
import { findProgram } from "./program.ts";

/** Where a client runs. */
export interface Cell {
  /** Program and arguments to put before the client's. */
  readonly prefix: readonly string[];
  /** True if there are more processes than any client needs. */
  isCrowded(): boolean;
  /** Ends at once what runs in it. `leader`: the process that was started with the prefix. */
  end(leader: number): void;
  /** Resolves when nothing runs in it any more. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface CellOptions {
  /** As `findNamespaces` returns it. */
  readonly command: readonly string[];
  /** A mounted folder with an empty folder `room`, in which the client may write. All else in it is read-only for the client. */
  readonly folder: string;
  /** Other files and folders that the client may only read. */
  readonly readOnly: readonly string[];
}

/** Milliseconds for the processes of a cell to end. */
const PATIENCE = 5_000;
/** For what the client writes. It is memory of the machine. */
const ROOM = "size=256m,nr_inodes=65536";
const SHARED = "size=64m,nr_inodes=4096";
const PROCESSES = 1_000;

/**
 * The first process of the cell waits until its standard input ends, which is at the latest when the worker ends. It forgets
 * the processes that are left to it. /proc/sys is the machine's, and root may write there without any capability.
 */
// defence: files-of-a-trial-are-read-only
const KEEPER = `set -e
trap '' CHLD
folder=$1
shift
hostname client.example.test
mount -o remount,bind,ro "$folder"
for target in "$@"; do
  mount --bind "$target" "$target"
  mount -o remount,bind,ro "$target"
done
mount -t tmpfs -o ${ROOM},mode=755 tmpfs "$folder/room"
mkdir -m 700 "$folder/room/work"
mkdir -m 1777 "$folder/room/tmp"
test ! -d /dev/shm || mount -t tmpfs -o ${SHARED},mode=1777 tmpfs /dev/shm
echo ready
exec cat`;

/** Throws `LabError` (`LAB_WORKER`). */
export async function openCell({ command, folder, readOnly }: CellOptions): Promise<Cell> {
  const [program, ...rest] = [...command, "sh", "-c", KEEPER, "sh", folder, ...readOnly, "/proc/sys"];
  const keeper = spawn(program, rest, { stdio: ["pipe", "pipe", "pipe"] });
  keeper.stdin.on("error", () => undefined);
  keeper.on("error", () => undefined);
  await readiness(keeper);
  const own = `/proc/${keeper.pid ?? 0}/ns`;
  return {
    prefix: [
      pathOf("nsenter"),
      ...["mnt", "uts", "ipc"].map((kind) => `--${kind === "mnt" ? "mount" : kind}=${own}/${kind}`),
      `--pid=${own}/pid_for_children`,
      "--",
      ...entry(process.cwd()),
    ],
    isCrowded: () => readdirSync("/proc").filter((name) => /^\d+$/.test(name)).length > PROCESSES,
    // Not nsenter: it has to collect its child, or that child would be left to the worker, and the cell could not end.
    end: () => keeper.stdin.destroy(),
    [Symbol.asyncDispose]: async () => close(keeper),
  };
}

/**
 * Goes to the folder, in a session of its own, without core files and as the first to end if memory is short; and gives up
 * each of root's rights that a mail client does not need: to mount, to trace, to change the network.
 */
export function entry(folder: string): readonly string[] {
  // defence: clients-have-few-rights
  const rights = ["--bounding-set", `-all,${RIGHTS.map((right) => `+${right}`).join(",")}`];
  const way = [pathOf("env"), `--chdir=${folder}`, pathOf("setsid"), pathOf("prlimit"), "--core=0:0", pathOf("choom")];
  return [...way, "-n", "1000", "--", pathOf("setpriv"), ...rights, "--"];
}

/** The client's environment may have another PATH, or none. */
function pathOf(program: string): string {
  const found = findProgram(program);
  return "path" in found ? found.path : program;
}

/** Those of capabilities(7) that Postfix needs. */
const RIGHTS = [
  "chown",
  "dac_override",
  "fowner",
  "fsetid",
  "kill",
  "setgid",
  "setuid",
  "net_bind_service",
  "sys_chroot",
];

async function readiness(keeper: ChildProcess): Promise<void> {
  let said = "";
  const { stdout, stderr } = keeper;
  for (const stream of [stdout, stderr]) stream?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const closed = once(keeper, "close");
  while (!said.includes("ready\n")) {
    const isOver = await Promise.race([closed.then(() => true), once(stdout ?? keeper, "data").then(() => false)]);
    if (isOver) throw new LabError("LAB_WORKER", `the namespaces of a trial cannot be made: ${said.trim()}`);
  }
}

async function close(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  const gone = once(keeper, "exit");
  keeper.stdin?.destroy();
  const late = setTimeout(() => keeper.kill("SIGKILL"), PATIENCE);
  await gone;
  clearTimeout(late);
  if (keeper.signalCode !== null) throw new LabError("LAB_WORKER", "the processes of a trial did not end");
}

/**
 * For a machine without namespaces: ends the client's process group and, on Linux, all processes that have this home, which is
 * one trial's alone.
 */
export function openGround(home: string): Cell {
  return {
    prefix: [],
    isCrowded: () => false,
    end: (leader) => {
      killAll(-leader);
      // defence: what-leaves-its-group-ends
      for (const process of processesAt(home)) killAll(process);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function processesAt(home: string): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => environmentOf(name).includes(`HOME=${home}`))
    .map(Number);
}

function environmentOf(id: string): readonly string[] {
  try {
    return readFileSync(`/proc/${id}/environ`, "latin1").split("\0");
  } catch {
    // It has ended, or is another user's.
    return [];
  }
}

/** As kill(2): a negative number is a process group. */
function killAll(target: number): void {
  try {
    process.kill(target, "SIGKILL");
  } catch {
    // No such process is left.
  }
}
