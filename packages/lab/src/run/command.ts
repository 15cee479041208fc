/** The client under attack as a process: its words filled in, its end watched from outside. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import type { ClientEnd } from "../report/report.ts";
import { LabError } from "../isolation/lab-error.ts";

export interface CommandOptions {
  /** Program and arguments, with placeholders in braces. */
  readonly command: readonly string[];
  readonly words: Words;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Ends it as the watchdog would. */
  readonly signal: AbortSignal;
}

/** What stands for each placeholder. A brace around any other word is left as it is. */
type Words = Readonly<Record<Placeholder, string>>;

export const placeholders = [
  "host",
  "port",
  "scheme",
  "username",
  "password",
  "from",
  "to",
  "body",
  "message",
  "ca",
  "work",
] as const;
export type Placeholder = (typeof placeholders)[number];

/** Of both streams together, in characters. */
const OUTPUT = 4_096;
/** Milliseconds for a process group that was told to end. */
const GRACE = 2_000;

/**
 * Resolves when the process has ended, by itself or by the watchdog, with all that it started and that did not leave its
 * process group. The message is on its standard input. Rejects with `LabError` where the program
 * cannot be started.
 */
export async function runCommand({
  command,
  words,
  environment,
  timeoutMs,
  signal,
}: CommandOptions): Promise<ClientEnd> {
  const [program = "", ...args] = command.map((word) => fill(word, words));
  const child = spawn(program, args, { env: environment, detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output = (output + chunk).slice(-OUTPUT);
    });
  }
  child.stdin.on("error", () => undefined);
  createReadStream(words.message).pipe(child.stdin);

  const end = (): void => {
    if (child.pid !== undefined) killAll(-child.pid);
  };
  let timedOut = false;
  signal.addEventListener("abort", end, { once: true });
  const watchdog = setTimeout(() => {
    timedOut = true;
    end();
  }, timeoutMs);
  // Asked for at once: it may come in the same tick as the exit.
  const closed = once(child, "close");
  try {
    await Promise.race([once(child, "exit"), closed]);
    end();
    // A grandchild that has left the group may hold the pipes for ever.
    await Promise.race([closed, once(AbortSignal.timeout(GRACE), "abort")]);
  } catch (error) {
    throw new LabError(
      "LAB_COMMAND",
      `${JSON.stringify(program)} cannot be started (${codeOf(error)}). Is it installed, and is its name right?`,
      { cause: error },
    );
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener("abort", end);
    child.stdout.destroy();
    child.stderr.destroy();
  }
  return { exitCode: child.exitCode, signal: child.signalCode, timedOut, output };
}

function fill(word: string, words: Words): string {
  const values: Readonly<Record<string, string>> = words;
  return word.replaceAll(
    /\{(\w+)\}/g,
    (whole, name: string) => (Object.hasOwn(values, name) ? values[name] : undefined) ?? whole,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** As kill(2): a negative number is a process group, and -1 all but the caller. */
export function killAll(target: number): void {
  try {
    process.kill(target, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}
