/** Runs the tests of a defence in a process group of its own, until the first fails, all have passed, or they hang. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import type { Report } from "./play.ts";
import type { Tree } from "./tree.ts";

/** Milliseconds without a sign. A defence whose absence makes a test hang has failed it too. */
export const PATIENCE = 8000;
/** All modules are loaded before the first sign. */
export const LOADING = 120_000;
/** What is not loaded has not been tested, and a name that is missing is a mistake of the removal. */
const UNTESTED = /\b(?:SyntaxError|ReferenceError)\b|ERR_MODULE_NOT_FOUND|ERR_\w+_TYPESCRIPT_SYNTAX/;

export type Verdict =
  | { readonly kind: "failed" | "hung"; readonly test: string; readonly why: string }
  /** `silence` is the longest time between two signs, in milliseconds. */
  | { readonly kind: "passed"; readonly silence: number }
  /** Nothing can be said: the tests were not run. */
  | { readonly kind: "broken"; readonly why: string };

export interface Play {
  readonly test: string;
  /** Patterns; without any, all tests of the file. */
  readonly names: readonly string[];
  /** Milliseconds without a sign after which the tests hang. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

export async function play(tree: Tree, { test, names, patience, signal }: Play): Promise<Verdict> {
  signal.throwIfAborted();
  const program = path.join(import.meta.dirname, "play.ts");
  const child = spawn(
    "env",
    [...tree.variables, process.execPath, "--conditions=@postseal/source", program, test, ...names],
    {
      cwd: tree.path,
      detached: true,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    },
  );
  const end = (): void => endGroup(child);
  signal.addEventListener("abort", end);
  try {
    const verdict = await verdictOf(child, patience);
    signal.throwIfAborted();
    return verdict;
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

async function verdictOf(child: ChildProcess, patience: number): Promise<Verdict> {
  let [output, running, passed, silence, last] = ["", "", 0, 0, Infinity];
  let verdict: Verdict | undefined;
  const decide = (one: Verdict): void => {
    verdict ??= one;
    endGroup(child);
  };
  const hang = (): void => decide({ kind: "hung", test: running, why: `${running} hangs` });
  let alarm = setTimeout(hang, LOADING);
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.on("message", (message) => {
    const { kind, name, why = "" } = reportIn(message);
    clearTimeout(alarm);
    alarm = setTimeout(hang, patience);
    silence = Math.max(silence, performance.now() - last);
    last = performance.now();
    if (kind === "begun") running = name;
    else if (kind === "passed") passed += 1;
    else decide(UNTESTED.test(why) ? { kind: "broken", why } : { kind: "failed", test: name, why });
  });
  const code = await endOf(child);
  clearTimeout(alarm);
  if (verdict !== undefined) return verdict;
  if (code !== 0) return { kind: "broken", why: output };
  return passed === 0 ? { kind: "broken", why: "no test was run" } : { kind: "passed", silence };
}

/** Its exit code, once all that it reported has come. */
function endOf(child: ChildProcess): Promise<unknown> {
  const closed = new Promise<void>((resolve) => {
    child.once("disconnect", resolve);
  });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => void closed.then(() => resolve(code))).once("error", reject);
  });
}

function reportIn(message: unknown): Report {
  if (!isReport(message)) throw new TypeError("the tests sent something that is no report");
  return message;
}

function isReport(message: unknown): message is Report {
  return typeof message === "object" && message !== null && "kind" in message && "name" in message;
}

/** Also what the tests have started. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of it has ended.
  }
}
