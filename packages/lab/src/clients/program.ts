/** What programs say of themselves, and where the drivers are: small programs that use a library as its documentation has it. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** What every driver is told, between its mode and the message. */
export const session: readonly string[] = [
  "{scheme}",
  "{host}",
  "{port}",
  "{username}",
  "{password}",
  "{from}",
  "{to}",
];

/** Milliseconds: long, since on a busy machine a program that is slow to answer is not absent. */
const PATIENCE = 30_000;

export function driver(name: string): string {
  return fileURLToPath(new URL(`../../drivers/${name}`, import.meta.url));
}

/** A command line without quotes, in pieces. */
export function words(line: string): readonly string[] {
  return line.split(/\s+/).filter((word) => word !== "");
}

/** The first thing in its output that looks like a version; `undefined` where it is not there or fails. */
export async function versionFrom(command: readonly string[]): Promise<string | undefined> {
  return versionIn((await outputOf(command)) ?? "");
}

/** A pattern that begins with the digits before the first dot would begin again at each digit of a long number. */
function versionIn(output: string): string | undefined {
  const found = /\d\.\d\S*/.exec(output);
  if (found === null) return undefined;
  let start = found.index;
  while (/\d/.test(output.charAt(start - 1))) start -= 1;
  return output.slice(start, found.index) + found[0];
}

/** `undefined` where the program is not there or fails. */
export async function outputOf([program = "", ...args]: readonly string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(program, args, { timeout: PATIENCE })).stdout;
  } catch {
    return undefined;
  }
}

/**
 * An interpreter, and what it has of a library. It is called by the path that it gives for itself: a version manager's
 * stand-in in PATH looks up in HOME what to start, and in the lab HOME is another.
 */
export class Interpreter {
  readonly #name: string;
  readonly #questions: readonly (readonly string[])[];
  #path: string | undefined;

  /** Commands that print its path on one line and the library's version on the next: the first that succeeds is it. */
  constructor(name: string, questions: readonly (readonly string[])[]) {
    this.#name = name;
    this.#questions = questions;
  }

  async version(): Promise<string | undefined> {
    for (const question of this.#questions) {
      const [path, version] = (await outputOf(question))?.trim().split("\n") ?? [];
      if (path === undefined || version === undefined) continue;
      this.#path = path.trim();
      return version.trim();
    }
    return undefined;
  }

  /** By its name until its version was asked for. */
  get program(): string {
    return this.#path ?? this.#name;
  }
}
