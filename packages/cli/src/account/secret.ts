/** Fetches the secret of an account, which happens only after the server has proved who it is. */
import { type Exposure, exposureOfTrusted, openTrustedFile } from "../trusted-file.ts";
import { assertNotTraced } from "../traced-streams.ts";
import { secretInVariable } from "../secret-variable.ts";
import { UntrustedPathError } from "../trusted-path.ts";
import type { Account } from "./account.ts";
import type { FileReference, SecretReference } from "./secret-reference.ts";
import type { OauthKey } from "./oauth.ts";
import { ConfigurationError, type Problem } from "./problem.ts";
import { findProgram } from "./program.ts";
import { firstLinePrinted, ProgramError } from "./secret-program.ts";

/** Time to type a passphrase; a server waits for five minutes (RFC 5321 section 4.5.3.2.7). */
const PROGRAM_SECONDS = 60;

/** How long the program that prints the secret may run; `undefined` if there is none. */
export function programSecondsOf({ secret, oauth, passwordTimeout }: Account): number | undefined {
  const reference = secret ?? clientSecretOf(oauth);
  return reference?.from === "command" ? (passwordTimeout ?? PROGRAM_SECONDS) : undefined;
}

/** A secret of the account, or of the application that it signs in as. */
type Reference = SecretReference;
type CommandReference = Reference & { readonly from: "command" };
/** Whose secret it is: its file is named in errors. */
type Owner = Pick<Account, "file" | "passwordTimeout">;

/** `undefined`: it has none, or proves itself by a key. */
function clientSecretOf(oauth: Account["oauth"]): SecretReference<OauthKey> | undefined {
  const proof =
    oauth === undefined || oauth.application.acts === "service-account" ? undefined : oauth.application.proof;
  return proof?.by === "secret" ? proof.reference : undefined;
}

export interface Fetching {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal | undefined;
}

/** Throws `CommandError` (`CLI_CONFIGURATION`), which never quotes what was read. */
export async function fetchSecret(account: Owner, reference: Reference, fetching: Fetching): Promise<string> {
  const secret = await textOf(account, reference, fetching);
  if (secret === "") throw nothingIn(account, reference);
  return secret;
}

async function textOf(account: Owner, reference: Reference, fetching: Fetching): Promise<string> {
  if (reference.from === "command") return printedBy(account, reference, fetching);
  if (reference.from === "file") return firstLineOf(account, reference);
  const read = secretInVariable(fetching.environment[reference.variable] ?? "");
  if ("secret" in read) return read.secret;
  const remedy = "Set it anew: what it holds now cannot be a password";
  throw new ConfigurationError(problemOf(account, reference, `the environment variable holds ${read.fault}`, remedy));
}

async function firstLineOf(account: Owner, reference: FileReference): Promise<string> {
  const [line = ""] = (await textOfFile(account, reference)).split(/\r?\n/, 1);
  return line;
}

/** The whole file, such as a private key in PEM. Throws as `fetchSecret` does. */
export async function textOfFile(account: Owner, reference: FileReference): Promise<string> {
  try {
    await using opened = await openTrustedFile(reference.path);
    assertHidden(account, reference, opened.exposure);
    return (await opened.octets()).toString("utf8").replace(/^\ufeff/, "");
  } catch (error) {
    throw refusal(account, reference, reference.path, error);
  }
}

/** What is wrong, as far as it shows without fetching the secret; `undefined` if nothing is. */
export async function secretProblem(
  account: Owner,
  reference: Reference,
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

async function lookAt(account: Owner, reference: FileReference): Promise<void> {
  try {
    assertHidden(account, reference, await exposureOfTrusted(reference.path));
  } catch (error) {
    throw refusal(account, reference, reference.path, error);
  }
}

/** This user cannot change the mode of root's file. If others are meant to read it, the account can say so with a command. */
function assertHidden(account: Owner, reference: FileReference, exposure: Exposure | undefined): void {
  // defence: password-file-is-hidden
  if (exposure === undefined) return;
  const { path, key } = reference;
  const remedy = exposure.isOwn
    ? `chmod 600 ${path}`
    : `It belongs to root; if that is intended, write ${key.replace(/-file$/, "-command")} = ["cat", ${JSON.stringify(path)}]`;
  const what = `other users of this machine can read ${path}`;
  throw new ConfigurationError(problemOf(account, reference, what, remedy));
}

/** `place`: the file or the program. */
function refusal(account: Owner, reference: Reference, place: string, error: unknown): unknown {
  if (error instanceof ConfigurationError) return error;
  if (error instanceof UntrustedPathError) {
    const problem = problemOf(account, reference, `${place} is not trusted: ${error.what}`, error.remedy);
    return new ConfigurationError(problem, [], error);
  }
  const remedy =
    reference.from === "command"
      ? "Check its permissions, and those of the folders above it"
      : `Put the ${reference.use} ${reference.use === "private key" ? "there" : "on its first line"}, and chmod 600 ${place}`;
  const problem = problemOf(account, reference, `${place} cannot be read (${codeOf(error)})`, remedy);
  return new ConfigurationError(problem, [], error);
}

async function programOf(account: Owner, reference: CommandReference, environment: NodeJS.ProcessEnv): Promise<string> {
  const [name = ""] = reference.words;
  const program = await findProgram(name, environment).catch((error: unknown) => {
    throw refusal(account, reference, name, error);
  });
  if (program !== undefined) return program;
  const remedy = "Install it, or write its whole path";
  throw new ConfigurationError(problemOf(account, reference, `there is no program ${name}`, remedy));
}

function nothingIn(account: Owner, reference: Reference): ConfigurationError {
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
  return new ConfigurationError(problemOf(account, reference, what, remedy));
}

async function printedBy(account: Owner, reference: CommandReference, fetching: Fetching): Promise<string> {
  const [name = "", ...words] = reference.words;
  // defence: no-secret-through-a-traced-stream
  assertNotTraced(`what ${name} says`);
  const program = await programOf(account, reference, fetching.environment);
  try {
    const seconds = account.passwordTimeout ?? PROGRAM_SECONDS;
    return await firstLinePrinted([program, ...words], name, { ...fetching, seconds });
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    throw new ConfigurationError(problemOf(account, reference, error.what, error.remedy));
  }
}

function problemOf({ file }: Owner, { key, line }: Reference, what: string, remedy: string): Problem {
  return { file, line: line(), what: `${key}: ${what}`, remedy };
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
}
