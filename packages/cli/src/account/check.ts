/** `postseal config check`: reports everything that is wrong with the configuration, with file, line and remedy. */
import path from "node:path";
import type { Arguments } from "../arguments.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import type { Account } from "./account.ts";
import { mailerOfAccount } from "./account-mailer.ts";
import { configurationPaths, problemsOf, readFiles, searched, userFile } from "./configuration-file.ts";
import { ConfigurationError, formatProblem, inOrder, type Problem } from "./problem.ts";
import { secretProblem } from "./secret.ts";
import { logProblem } from "./log-problem.ts";

/** Fetches no secret and connects to nothing. Returns the exit code. */
export async function check(given: Arguments<"json">): Promise<number> {
  const [named] = given.words;
  const paths = named === undefined ? configurationPaths(process.env) : [path.resolve(named)];
  const files = await readFiles(paths);
  const accounts = files.flatMap((file) => file.accounts);
  const found =
    files.length === 0
      ? [missing(paths[0] ?? userFile(process.env), named === undefined)]
      : [...problemsOf(files), ...(await Promise.all(accounts.map(problemsWith))).flat()];
  const problems = paths.flatMap((one) => inOrder(found.filter(({ file }) => file === one)));
  const exitCode = problems.length === 0 ? exits.done.code : exits.configuration.code;
  if (given.has("json")) {
    const names = accounts.map(({ name, file }) => ({ name, file }));
    const facts = {
      ok: problems.length === 0,
      exitCode,
      files: files.map(({ file }) => file),
      accounts: names,
      problems,
    };
    output.json(facts);
    return exitCode;
  }
  const lines = problems.length === 0 ? files.map(soundLine) : problems.map(formatProblem);
  for (const line of lines) output.line(line);
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

async function problemsWith(account: Account): Promise<readonly Problem[]> {
  const { secret } = account;
  const aboutSecret = secret === undefined ? undefined : await secretProblem(account, secret, process.env);
  const others = [aboutSecret, await logProblem(account)].filter((problem) => problem !== undefined);
  return [...(await mailerProblems(account)), ...others];
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
