/** `postseal config check`: reports everything that is wrong with the configuration, with file, line and remedy. */
import path from "node:path";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import type { SignInCheck } from "../oauth/check.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import type { Account } from "./account.ts";
import { mailerOfAccount } from "./account-mailer.ts";
import { configurationPaths, problemsOf, readFiles, searched, userFile } from "./configuration-file.ts";
import { oauthProblems } from "./oauth-problems.ts";
import type { checkOptions } from "./options.ts";
import { ConfigurationError, formatProblem, inOrder, type Problem } from "./problem.ts";
import { secretProblem } from "./secret.ts";
import { logProblem } from "./log-problem.ts";

/**
 * Fetches no secret and connects to nothing, unless sign-ins are to be renewed. Returns the exit code. Throws `CommandError` if the
 * command line is wrong.
 */
export async function check(given: Arguments<keyof typeof checkOptions>): Promise<number> {
  if (given.has("renew") && !given.has("sign-in"))
    throw new CommandError("CLI_USAGE", "--renew renews sign-ins: give --sign-in too");
  const [named] = given.words;
  const paths = named === undefined ? configurationPaths(process.env) : [path.resolve(named)];
  const files = await readFiles(paths);
  const accounts = files.flatMap((file) => file.accounts);
  const found =
    files.length === 0
      ? [missing(paths[0] ?? userFile(process.env), named === undefined)]
      : [...problemsOf(files), ...(await Promise.all(accounts.map(problemsWith))).flat()];
  const problems = paths.flatMap((one) => inOrder(found.filter(({ file }) => file === one)));
  const signIns = problems.length === 0 && given.has("sign-in") ? await signInsOf(accounts, given.has("renew")) : [];
  const exitCode = problems.length === 0 ? worst(signIns) : exits.configuration.code;
  if (given.has("json")) {
    const names = accounts.map(({ name, file }) => ({ name, file }));
    const facts = {
      ok: exitCode === exits.done.code,
      exitCode,
      files: files.map(({ file }) => file),
      accounts: names,
      problems,
      ...(given.has("sign-in") ? { signIns } : {}),
    };
    output.json(facts);
    return exitCode;
  }
  const lines = problems.length === 0 ? files.map(soundLine) : problems.map(formatProblem);
  for (const line of lines) output.line(line);
  for (const { account, message } of signIns) output.line(`${account}: ${message}`);
  return exitCode;
}

function soundLine({ file, accounts }: { readonly file: string; readonly accounts: readonly Account[] }): string {
  return `${file}: nothing wrong; ${accounts.length === 0 ? "no accounts" : `accounts: ${accounts.map(({ name }) => name).join(", ")}`}`;
}

function missing(file: string, isSought: boolean): Problem {
  const remedy = "postseal account add makes one";
  const what = "there is no such file";
  return { file, what, remedy: isSought ? `${remedy}. There is no account in ${searched(process.env)}` : remedy };
}

async function signInsOf(accounts: readonly Account[], isRenewing: boolean): Promise<readonly SignInCheck[]> {
  if (accounts.every(({ oauth }) => oauth === undefined)) return [];
  const { checkSignIns } = await import("../oauth/check.ts");
  return checkSignIns(accounts, { isRenewing, environment: process.env });
}

/** The worst of them: a person has to sign in, before a later try may help. */
function worst(signIns: readonly SignInCheck[]): number {
  const codes = signIns.map(({ exitCode }) => exitCode).filter((code) => code !== exits.done.code);
  return codes.find((code) => code === exits.notLoggedIn.code) ?? codes[0] ?? exits.done.code;
}

async function problemsWith(account: Account): Promise<readonly Problem[]> {
  const { secret } = account;
  const aboutSecret = secret === undefined ? undefined : await secretProblem(account, secret, process.env);
  const others = [aboutSecret, await logProblem(account)].filter((problem) => problem !== undefined);
  return [...(await mailerProblems(account)), ...others, ...(await oauthProblems(account, process.env))];
}

async function mailerProblems(account: Account): Promise<readonly Problem[]> {
  try {
    await mailerOfAccount(account, process.env);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}
