/** Tokens kept by a program of the user's, such as a keyring's or a password manager's. No token is ever among its arguments. */
import { spawn } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";
import { InputError } from "@postseal/mailer";
import { readList, readOptions } from "@postseal/mailer/internal";
import { OAuthError } from "./oauth-error.ts";
import { lock } from "./store-lock.ts";
import type { StoredTokens, TokenStore } from "./tokens.ts";
import { formatTokens, parseTokens } from "./tokens-json.ts";

export interface ProgramStoreOptions {
  /** A program and its words: it prints what is kept. If nothing is, it prints nothing. No shell reads the words. */
  readonly read: readonly string[];
  /** It keeps what it gets on standard input. It is run at every renewal, since many issuers replace the refresh token. */
  readonly write: readonly string[];
  /** It forgets. Default: `write` gets nothing on standard input. */
  readonly remove?: readonly string[] | undefined;
  /** A folder for the lock between processes, which the program does not have. */
  readonly lock: string;
}

const NAMES: ReadonlySet<string> = new Set(["read", "write", "remove", "lock"]);
/** In milliseconds: the mailer waits 30 s for a token, and the issuer has 10 of them. */
const LONGEST = 10_000;
const LARGEST = 64 * 1024;

/** Throws `InputError`. */
export function programStore(options: ProgramStoreOptions): TokenStore {
  const own = readOptions(options, NAMES, { field: "", code: "MAIL_INPUT_OPTION" });
  const [read, write] = [wordsOf(own.read, "read"), wordsOf(own.write, "write")];
  const remove = own.remove === undefined ? undefined : wordsOf(own.remove, "remove");
  if (typeof own.lock !== "string" || own.lock === "")
    throw new InputError("MAIL_INPUT_OPTION", "lock", "is the path of a folder for the lock alone");
  const folder = path.resolve(own.lock);
  const locked = async <T>(act: () => Promise<T>): Promise<T> => {
    const held = await lock(folder);
    try {
      return await act();
    } finally {
      await held.release();
    }
  };
  const readNow = async (): Promise<StoredTokens | undefined> => {
    const printed = await run(read);
    if (printed.trim() === "") return undefined;
    const tokens = parseTokens(printed);
    if (tokens !== undefined) return tokens;
    throw new OAuthError("MAIL_AUTH_SIGN_IN", `${read[0]} printed something else than a sign-in. Sign in again.`);
  };
  return {
    read: readNow,
    update: (change) =>
      locked(async () => {
        const now = await readNow();
        const next = await change(now);
        if (next !== now) await run(write, formatTokens(next));
        return next;
      }),
    remove: () => locked(async () => void (await run(remove ?? write, ""))),
  };
}

type Words = readonly [string, ...string[]];

function wordsOf(given: readonly string[], field: string): Words {
  const words = Array.isArray(given) ? readList<unknown>(given, { field, code: "MAIL_INPUT_OPTION" }) : [];
  const [program, ...rest] = words.filter((word): word is string => typeof word === "string" && !word.includes("\0"));
  if (program === undefined || rest.length + 1 !== words.length)
    throw new InputError("MAIL_INPUT_OPTION", field, `is a program and its words: ["pass", "show", "mail"]`);
  return [program, ...rest];
}

/**
 * `input`: what it has to keep; `undefined`: it reads, and if it has nothing it may exit with an error, as `secret-tool` does. Never quotes
 * what went in or came out. Its standard error is the user's, to whom it may have a question.
 */
async function run([program, ...words]: Words, input?: string): Promise<string> {
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"], windowsHide: true });
  const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST);
  try {
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    // A program that does not read its input ends the pipe.
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
    const [status, printed] = await Promise.all([ended, text(child.stdout)]);
    if (status !== 0 && status !== null && printed === "" && input === undefined) return "";
    if (status !== 0 || printed.length > LARGEST)
      throw new Error(status === null ? "was ended" : `exited with ${status}`);
    return printed;
  } catch (error) {
    const how = error instanceof Error ? error.message : "failed";
    throw new OAuthError(
      "MAIL_AUTH_CREDENTIALS",
      `The program that keeps the sign-in, ${program}, failed: ${how}. Run it by hand to see why.`,
    );
  } finally {
    clearTimeout(timer);
  }
}
