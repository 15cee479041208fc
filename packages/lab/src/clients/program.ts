/** What programs say of themselves, and where the drivers are: small programs that use a library as its documentation has it. */
import { execFile, execFileSync } from "node:child_process";
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

/** Milliseconds. */
const PATIENCE = 10_000;

export function driver(name: string): string {
  return fileURLToPath(new URL(`../../drivers/${name}`, import.meta.url));
}

/** The first thing in its output that looks like a version; `undefined` where it is not there or fails. */
export async function versionFrom(command: readonly string[]): Promise<string | undefined> {
  return /\d+(?:\.\d+)+\S*/.exec((await outputOf(command)) ?? "")?.[0];
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
 * Where a program really is, by its own word: a version manager's stand-in in PATH looks up in HOME what to start, and in
 * the lab HOME is another. Asked once; `undefined` where it is not there or fails.
 */
export function locate(program: string, args: readonly string[]): string | undefined {
  const question = JSON.stringify([program, ...args]);
  if (!located.has(question)) located.set(question, ask(program, args));
  return located.get(question);
}

const located: Map<string, string | undefined> = new Map();

function ask(program: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, args, {
      timeout: PATIENCE,
      stdio: ["ignore", "pipe", "ignore"],
      encoding: "utf8",
    }).trim();
  } catch {
    return undefined;
  }
}
