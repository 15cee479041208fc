/** Finds programs and their versions, and the drivers: small programs that use a library as its documentation shows. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The arguments of every driver, between its mode and the message. */
export const session: readonly string[] = [
  "{scheme}",
  "{host}",
  "{port}",
  "{username}",
  "{password}",
  "{from}",
  "{to}",
];

/** Milliseconds to wait for a version: long, since a program that is slow on a busy machine is not absent. */
const PATIENCE = 30_000;

export function driver(name: string): string {
  return fileURLToPath(new URL(`../../drivers/${name}`, import.meta.url));
}

/** The client, through a proxy of its own: it gets the proxy's port for `{proxyport}`, at 127.0.0.1. */
export function throughProxy(kind: "socks5" | "http", command: readonly string[]): readonly string[] {
  return [process.execPath, driver("through-proxy.mjs"), kind, ...command];
}

/** Splits a command line without quotes. */
export function words(line: string): readonly string[] {
  return line.split(/\s+/).filter((word) => word !== "");
}

/** The first thing in the program's output that looks like a version; `undefined` if the program is missing or fails. */
export async function versionFrom(command: readonly string[]): Promise<string | undefined> {
  return versionIn((await outputOf(command)) ?? "");
}

/** Takes linear time: a pattern that began with the digits before the first dot would start again at each digit of a long number. */
function versionIn(output: string): string | undefined {
  const found = /\d\.\d\S*/.exec(output);
  if (found === null) return undefined;
  let start = found.index;
  while (/\d/.test(output.charAt(start - 1))) start -= 1;
  return output.slice(start, found.index) + found[0];
}

/** `undefined` if the program is missing or fails. */
export async function outputOf([program = "", ...args]: readonly string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(program, args, { timeout: PATIENCE })).stdout;
  } catch {
    return undefined;
  }
}

/**
 * An interpreter that has a library. It is called by the path that it reports for itself: a version manager's wrapper in
 * PATH decides from HOME what to start, and in the lab HOME is another.
 */
export class Interpreter {
  readonly #name: string;
  readonly #questions: readonly (readonly string[])[];
  #path: string | undefined;

  /** Commands that print the interpreter's path on one line and the library's version on the next; the first that succeeds counts. */
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

  /** Only the name, until the version was asked for. */
  get program(): string {
    return this.#path ?? this.#name;
  }
}
