/** Fetches the secret of an account: once the server has proved who it is, and never before. */
import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import type { Account, SecretReference } from "./account.ts";
import { ConfigurationError, type Problem } from "./problem.ts";

export interface Fetching {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
}

/** Throws `CommandError` (`CLI_CONFIGURATION`), which holds nothing of what was read. */
export async function fetchSecret(account: Account, reference: SecretReference, fetching: Fetching): Promise<string> {
  const problem = await secretProblem(account, reference);
  if (problem !== undefined) throw new ConfigurationError(problem);
  return firstLine(await textOf(account, reference, fetching), account, reference);
}

async function textOf(account: Account, reference: SecretReference, fetching: Fetching): Promise<string> {
  if (reference.from === "environment") return fetching.environment[reference.variable] ?? "";
  if (reference.from === "file") return readFile(reference.path, "utf8");
  return outputOf(account, reference, fetching);
}

/** What can be said without fetching it: `undefined` where nothing speaks against it. */
export async function secretProblem(account: Account, reference: SecretReference): Promise<Problem | undefined> {
  if (reference.from !== "file") return undefined;
  const { path } = reference;
  const status = await stat(path).catch((cause: unknown) => codeOf(cause));
  if (typeof status === "string") {
    return problemOf(
      account,
      reference,
      `${path} cannot be read (${status})`,
      `Put the ${reference.use} on its first line, and chmod 600 ${path}`,
    );
  }
  // A pipe has no permissions to speak of, and Windows has none of these.
  if (!status.isFile() || process.platform === "win32" || (status.mode & 0o077) === 0) return undefined;
  return problemOf(account, reference, `${path} may be read by other users of this machine`, `chmod 600 ${path}`);
}

function firstLine(text: string, account: Account, reference: SecretReference): string {
  const [line = ""] = text.replace(/^\ufeff/, "").split(/\r?\n/, 1);
  if (line !== "") return line;
  const what = {
    environment: "the environment has no such variable, or it is empty",
    file: "the first line of the file is empty",
    command: "the program printed nothing, or its first line is empty",
  }[reference.from];
  const remedy = {
    environment: "Set it where postseal is started; cron and services do not have the variables of a login",
    file: `Put the ${reference.use} there`,
    command: `Run it by hand: the first line that it prints is the ${reference.use}`,
  }[reference.from];
  throw new ConfigurationError(problemOf(account, reference, what, remedy));
}

/** Without a shell, and with its errors on ours: a keyring may have something to say, and gpg asks for a passphrase. */
function outputOf(
  account: Account,
  reference: SecretReference & { readonly from: "command" },
  { environment, signal }: Fetching,
): Promise<string> {
  const [program = "", ...words] = reference.words;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      words,
      { env: environment, signal, maxBuffer: 64 * 1024, windowsHide: true },
      (error, stdout) => {
        if (error === null) resolve(stdout);
        else
          reject(
            signal?.aborted === true
              ? error
              : new ConfigurationError(
                  problemOf(account, reference, failureOf(program, error), "Run it by hand to see why"),
                ),
          );
      },
    );
    // The message may come by our standard input, and is not the program's to read.
    child.stdin?.end();
    child.stderr?.pipe(process.stderr);
  });
}

/** Never `error.message`: it holds the words of the command and all that it printed on standard error. */
function failureOf(program: string, error: Error): string {
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOENT") return `there is no program ${program}`;
  return typeof code === "number" ? `${program} ended with ${code}` : `${program} did not end well`;
}

function problemOf({ file, lineOf }: Account, { key }: SecretReference, what: string, remedy: string): Problem {
  return { file, line: lineOf(key), what: `${key}: ${what}`, remedy };
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
}
