/** Fetches the secret of an account, which happens only after the server has proved who it is. */
import { execFile } from "node:child_process";
import { type Exposure, exposureOfTrusted, openTrustedFile } from "../trusted-file.ts";
import { assertNotTraced } from "../traced-streams.ts";
import { UntrustedPathError } from "../trusted-path.ts";
import type { Account, SecretReference } from "./account.ts";
import { ConfigurationError, type Problem } from "./problem.ts";
import { findProgram } from "./program.ts";

type FileReference = SecretReference & { readonly from: "file" };
type CommandReference = SecretReference & { readonly from: "command" };

export interface Fetching {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
}

/** Throws `CommandError` (`CLI_CONFIGURATION`), which never quotes what was read. */
export async function fetchSecret(account: Account, reference: SecretReference, fetching: Fetching): Promise<string> {
  return firstLine(await textOf(account, reference, fetching), account, reference);
}

async function textOf(account: Account, reference: SecretReference, fetching: Fetching): Promise<string> {
  if (reference.from === "environment") return fetching.environment[reference.variable] ?? "";
  if (reference.from === "command") return outputOf(account, reference, fetching);
  try {
    await using opened = await openTrustedFile(reference.path);
    assertHidden(account, reference, opened.exposure);
    return (await opened.octets()).toString("utf8");
  } catch (error) {
    throw refusal(account, reference, reference.path, error);
  }
}

/** What is wrong, as far as it shows without fetching the secret; `undefined` if nothing is. */
export async function secretProblem(
  account: Account,
  reference: SecretReference,
  environment: NodeJS.ProcessEnv,
): Promise<Problem | undefined> {
  try {
    if (reference.from === "command") await programOf(account, reference, environment);
    if (reference.from === "file") await lookAt(account, reference);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems[0];
    throw error;
  }
}

async function lookAt(account: Account, reference: FileReference): Promise<void> {
  try {
    assertHidden(account, reference, await exposureOfTrusted(reference.path));
  } catch (error) {
    throw refusal(account, reference, reference.path, error);
  }
}

/** This user cannot change the mode of root's file. If others are meant to read it, the account can say so with a command. */
function assertHidden(account: Account, reference: FileReference, exposure: Exposure | undefined): void {
  // defence: password-file-is-hidden
  if (exposure === undefined) return;
  const { path, use } = reference;
  const remedy = exposure.isOwn
    ? `chmod 600 ${path}`
    : `It belongs to root; if that is intended, write ${use}-command = ["cat", ${JSON.stringify(path)}]`;
  const what = `other users of this machine can read ${path}`;
  throw new ConfigurationError(problemOf(account, reference, what, remedy));
}

/** `place`: the file or the program. */
function refusal(account: Account, reference: SecretReference, place: string, error: unknown): unknown {
  if (error instanceof ConfigurationError) return error;
  if (error instanceof UntrustedPathError) {
    const problem = problemOf(account, reference, `${place} is not trusted: ${error.what}`, error.remedy);
    return new ConfigurationError(problem, [], error);
  }
  const remedy =
    reference.from === "command"
      ? "Check its permissions, and those of the folders above it"
      : `Put the ${reference.use} on its first line, and chmod 600 ${place}`;
  const problem = problemOf(account, reference, `${place} cannot be read (${codeOf(error)})`, remedy);
  return new ConfigurationError(problem, [], error);
}

async function programOf(
  account: Account,
  reference: CommandReference,
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const [name = ""] = reference.words;
  const program = await findProgram(name, environment).catch((error: unknown) => {
    throw refusal(account, reference, name, error);
  });
  if (program !== undefined) return program;
  const remedy = "Install it, or write its whole path";
  throw new ConfigurationError(problemOf(account, reference, `there is no program ${name}`, remedy));
}

function firstLine(text: string, account: Account, reference: SecretReference): string {
  const [line = ""] = text.replace(/^\ufeff/, "").split(/\r?\n/, 1);
  if (line !== "") return line;
  const what = {
    environment: "the environment variable is not set, or is empty",
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

/** Runs the program without a shell. It shares our standard error: a keyring may report something, and gpg asks for a passphrase. */
async function outputOf(
  account: Account,
  reference: CommandReference,
  { environment, signal }: Fetching,
): Promise<string> {
  const [name = "", ...words] = reference.words;
  // defence: no-secret-through-a-traced-stream
  assertNotTraced(`what ${name} says`);
  const program = await programOf(account, reference, environment);
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      words,
      // defence: no-shell
      { env: environment, signal, maxBuffer: 64 * 1024, windowsHide: true },
      (error, stdout) => {
        if (error === null) resolve(stdout);
        else
          reject(
            signal?.aborted === true
              ? error
              : new ConfigurationError(
                  problemOf(account, reference, failureOf(name, error), "Run it by hand to see why"),
                ),
          );
      },
    );
    // Our standard input may be the message, which the program must not read.
    child.stdin?.end();
    child.stderr?.pipe(process.stderr);
  });
}

/** Never `error.message`, which has the command's words and everything that it printed on standard error. */
function failureOf(program: string, error: Error): string {
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOENT") return `there is no program ${program}`;
  // defence: nothing-printed-is-repeated
  return typeof code === "number" ? `${program} exited with ${code}` : `${program} failed`;
}

function problemOf({ file, lineOf }: Account, { key }: SecretReference, what: string, remedy: string): Problem {
  return { file, line: lineOf(key), what: `${key}: ${what}`, remedy };
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
}
