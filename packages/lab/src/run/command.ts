/** Runs the client under attack: fills in the placeholders, starts the process, and watches its end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Cell } from "../isolation/cell.ts";
import { LabError } from "../isolation/lab-error.ts";
import { findProgram } from "../isolation/program.ts";
import type { ClientEnd } from "../report/report.ts";

export interface CommandOptions {
  /** Program and arguments, with placeholders in braces. */
  readonly command: readonly string[];
  readonly words: Words;
  readonly environment: Readonly<Record<string, string>>;
  /** For its standard input. */
  readonly input: string;
  readonly cell: Cell;
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
/** Milliseconds between two looks at how many processes there are. */
const ROUND = 200;

/**
 * Resolves when the process has ended, by itself or by the watchdog, and with it everything that it started: without
 * namespaces, everything that stayed in its process group. Rejects with `LabError` if the program cannot be started.
 */
export async function runCommand(options: CommandOptions): Promise<ClientEnd> {
  const { command, words, environment, input, cell, timeoutMs, signal } = options;
  const [name = "", ...args] = command.map((word) => fill(word, words));
  const found = findProgram(name, environment["PATH"]);
  if ("code" in found) throw notStarted(name, found.code);
  const [program = "", ...rest] = [...cell.prefix, found.path, ...args];
  const child = spawn(program, rest, { env: environment, detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output = (chunk.length < OUTPUT ? output + chunk : chunk).slice(-OUTPUT);
    });
  }
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);

  const end = (): void => {
    if (child.pid !== undefined) cell.end(child.pid);
  };
  let timedOut = false;
  const timeOut = (): void => {
    timedOut = true;
    end();
  };
  signal.addEventListener("abort", end, { once: true });
  const watchdog = setTimeout(timeOut, timeoutMs);
  const rounds = setInterval(() => (cell.isCrowded() ? timeOut() : undefined), ROUND);
  // Listened for at once: it may come together with the exit.
  const closed = once(child, "close");
  try {
    await Promise.race([once(child, "exit"), closed]);
    end();
    // A grandchild that has left the group may keep the pipes open for ever.
    await Promise.race([closed, once(AbortSignal.timeout(GRACE), "abort")]);
  } catch (error) {
    throw notStarted(name, codeOf(error), error);
  } finally {
    clearTimeout(watchdog);
    clearInterval(rounds);
    signal.removeEventListener("abort", end);
    child.stdout.destroy();
    child.stderr.destroy();
  }
  return { exitCode: child.exitCode, signal: child.signalCode, timedOut, output };
}

function notStarted(name: string, code: string, cause?: unknown): LabError {
  return new LabError(
    "LAB_COMMAND",
    `${JSON.stringify(name)} cannot be started (${code}). Is it installed, and is its name right?`,
    { cause },
  );
}

function fill(word: string, words: Words): string {
  const values = new Map<string, string>(Object.entries(words));
  return word.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
