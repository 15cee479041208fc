/** Runs the client under attack: fills in the placeholders, starts the process, and watches its end. */
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
  /** Ends the process as the watchdog does. */
  readonly signal: AbortSignal;
}

/** What replaces each placeholder. Braces around any other word stay as they are. */
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

/** The last characters to keep of both output streams together. */
const OUTPUT = 4_096;
/** Milliseconds for the output of a killed process group to close. */
const GRACE = 2_000;

/**
 * Resolves when the process has ended, by itself or by the watchdog, and with it everything that it started and that
 * stayed in its process group. The message is on its standard input. Rejects with `LabError` if the program cannot be
 * started.
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
  // Listened for at once: it may come together with the exit.
  const closed = once(child, "close");
  try {
    await Promise.race([once(child, "exit"), closed]);
    end();
    // A grandchild that has left the group may keep the pipes open for ever.
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
  const values = new Map<string, string>(Object.entries(words));
  return word.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** As kill(2): a negative number is a process group, and -1 is every process but the caller. */
export function killAll(target: number): void {
  try {
    process.kill(target, "SIGKILL");
  } catch {
    // No such process is left.
  }
}
