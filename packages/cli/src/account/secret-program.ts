/** Runs a program that prints a secret: takes its first line, waits for it to end, and ends it if it does not. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";

export interface Running {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
  /** How long it may run. */
  readonly seconds: number;
}

/** Worded to follow the key of the account, without a full stop. It never holds what the program printed. */
export class ProgramError extends Error {
  readonly what: string;
  readonly remedy: string;

  constructor(what: string, remedy: string) {
    super(what);
    this.what = what;
    this.remedy = remedy;
  }
}

/** Far more than any secret has. */
const LONGEST = 64 * 1024;
/** In milliseconds: how long a program may take to end once it was asked to, or its output to arrive once it has ended. */
const LAST_WORDS = 1_000;
/** The same once its first line has arrived. */
const LAST_WARNING = 100;

/** `words`: the whole path first. Throws `ProgramError`, the system's error, or the signal's reason. */
export async function firstLinePrinted(
  [program, ...words]: readonly [string, ...string[]],
  name: string,
  running: Running,
): Promise<string> {
  const { environment: env } = running;
  const child = spawn(
    program,
    words,
    // Our standard input may be the message, which the program must not read.
    // defence: no-shell
    { env, stdio: ["ignore", "pipe", "pipe"], windowsHide: true },
  );
  // A keyring may report something, and gpg asks for a passphrase. Not handed over: a process that goes on would hold it.
  child.stderr.pipe(process.stderr);
  const kept = keepFirstLine(child.stdout);
  try {
    const status = await statusOf(child, name, running, kept);
    return lineOf({ name, status, ...kept });
  } finally {
    // A process that goes on, such as an agent, may hold the other ends for ever.
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

interface Kept {
  text: string;
  isWhole: boolean;
}

/** Reads on after the first line, so that a program with more to print does not wait. */
function keepFirstLine(stdout: Readable): Kept {
  const kept: Kept = { text: "", isWhole: false };
  // A character may be cut in two.
  stdout.setEncoding("utf8");
  stdout.on("data", (text: string) => {
    if (kept.isWhole || kept.text.length > LONGEST) return;
    const end = text.indexOf("\n");
    kept.text += end === -1 ? text : text.slice(0, end);
    kept.isWhole = end !== -1;
  });
  return kept;
}

/** The exit status, once the first line or the end of the output has been read too. */
function statusOf(child: Child, name: string, { signal, seconds }: Running, kept: Kept): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  const timers = new Set<NodeJS.Timeout>();
  const after = (milliseconds: number, act: () => void): void => void timers.add(setTimeout(act, milliseconds));
  const giveUp = (reason: unknown): void => {
    reject(reason);
    endChild(child);
  };
  const onAbort = (): void => giveUp(signal?.reason);
  child.once("error", reject);
  child.once("close", (status: number | null) => resolve(status));
  // What it printed is in the pipe by now; only a process that goes on keeps the pipe open.
  child.once("exit", (status) => after(kept.isWhole ? LAST_WARNING : LAST_WORDS, () => resolve(status)));
  after(seconds * 1_000, () => giveUp(late(name, seconds, kept)));
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted === true) onAbort();
  return promise.finally(() => {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  });
}

function endChild(child: Child): void {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), LAST_WORDS);
  child.once("exit", () => clearTimeout(timer));
}

function late(name: string, seconds: number, { isWhole }: Kept): ProgramError {
  return isWhole
    ? new ProgramError(
        `${name} printed a line, and was still running after ${seconds} s; it was ended, and the line not used`,
        "Let it end after it has printed the secret: only its exit status shows whether the line is right",
      )
    : new ProgramError(
        `${name} printed no whole line within ${seconds} s, and was ended`,
        `Run it by hand to see what it waits for. If somebody types a passphrase, give them time: password-timeout = ${Math.max(300, seconds)}`,
      );
}

interface Ended extends Kept {
  readonly name: string;
  readonly status: number | null;
}

/** gpg prints before it knows whether the file was changed: only an exit status of 0 shows that the line is right. */
function lineOf({ name, status, text }: Ended): string {
  if (status === 0 && text.length > LONGEST)
    throw new ProgramError(`${name} printed more than 64 KiB without a line end`, "It has to print the secret alone");
  if (status === 0) return text.replace(/^\ufeff/, "").replace(/\r$/, "");
  const how = status === null ? `${name} failed` : `${name} exited with ${status}`;
  // defence: nothing-printed-is-repeated
  throw new ProgramError(how, "Run it by hand to see why");
}
