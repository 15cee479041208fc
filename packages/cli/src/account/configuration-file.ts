/** Finds the configuration files, and reads those that nobody else can change. */
import { userInfo } from "node:os";
import path from "node:path";
import { homeFolder } from "../home.ts";
import { openTrustedFile } from "../trusted-file.ts";
import { UntrustedPathError } from "../trusted-path.ts";
import { type Configuration, type ConfigurationFile, parseConfiguration } from "./configuration.ts";
import { ConfigurationError, inOrder, type Problem } from "./problem.ts";

/** Far more than any list of accounts needs: a larger file is something else. */
const LARGEST = 64 * 1024;
const TOO_LARGE = { what: "it is larger than 64 KiB", remedy: "Keep only accounts and aliases in it" };
const SYSTEM_FILE = "/etc/postseal/config.toml";

/** The user's own file, then the system's. */
export function configurationPaths(environment: NodeJS.ProcessEnv): readonly [string, string] {
  return [userFile(environment), SYSTEM_FILE];
}

/** `$XDG_CONFIG_HOME/postseal/config.toml`; a relative XDG_CONFIG_HOME is ignored, as its specification says. */
export function userFile(environment: NodeJS.ProcessEnv): string {
  const base = environment["XDG_CONFIG_HOME"] ?? "";
  return path.join(path.isAbsolute(base) ? base : path.join(homeFolder(), ".config"), "postseal", "config.toml");
}

/** Where accounts were looked for, and why there: cron and sudo have another HOME. Worded to follow "in". */
export function searched(environment: NodeJS.ProcessEnv): string {
  const [own, system] = configurationPaths(environment);
  return `${own} (${reasonFor(environment)}) or ${system}`;
}

function reasonFor({ XDG_CONFIG_HOME: base = "", HOME: home = "" }: NodeJS.ProcessEnv): string {
  if (path.isAbsolute(base)) return `XDG_CONFIG_HOME is ${base}`;
  if (path.isAbsolute(home)) return `HOME is ${home}`;
  return `HOME is ${home === "" ? "not set" : "no absolute path"}, so the home of ${userInfo().username} was taken`;
}

/** Throws `CommandError` (`CLI_CONFIGURATION`) if anything in one of the files is wrong: half a policy is no policy. */
export async function readConfiguration(paths: readonly string[]): Promise<Configuration> {
  const files = await readFiles(paths);
  const [first, ...others] = problemsOf(files);
  // defence: one-mistake-stops-all
  if (first !== undefined) throw new ConfigurationError(first, others);
  return merge(files);
}

/** Reads the files that exist. */
export async function readFiles(paths: readonly string[]): Promise<readonly ConfigurationFile[]> {
  const files = await Promise.all(paths.map((file) => readConfigurationFile(file)));
  return files.filter((file) => file !== undefined);
}

/** Includes what no single file shows: whether the default account exists in any of them. */
export function problemsOf(files: readonly ConfigurationFile[]): readonly Problem[] {
  const problems = files.flatMap((file) => inOrder(file.problems));
  // An account with a problem is missing from the list, and may be the default one.
  if (problems.length > 0) return problems;
  const names = files.flatMap(({ accounts }) => accounts.map(({ name }) => name));
  return files.flatMap(({ file, defaultAccount, lineOfDefault }) => {
    if (defaultAccount === undefined || names.includes(defaultAccount)) return [];
    const remedy =
      names.length === 0 ? "Write [accounts.NAME]" : `There ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`;
    return [{ file, line: lineOfDefault, what: `there is no account ${defaultAccount}`, remedy }];
  });
}

function merge(files: readonly ConfigurationFile[]): Configuration {
  const accounts = new Map(
    files.toReversed().flatMap((file) => file.accounts.map((account) => [account.name, account])),
  );
  // In the order of the files, not of the map, so that a sender is looked up in the user's own file first.
  const order = files.flatMap((file) => file.accounts).filter((account) => accounts.get(account.name) === account);
  return {
    accounts: order,
    defaultAccount: files.find((file) => file.defaultAccount !== undefined)?.defaultAccount,
    aliases: new Map(files.toReversed().flatMap((file) => [...file.aliases])),
    domain: files.find((file) => file.domain !== undefined)?.domain,
    outbox: files.find((file) => file.outbox !== undefined)?.outbox,
  };
}

/** `undefined` if there is none. */
async function readConfigurationFile(file: string): Promise<ConfigurationFile | undefined> {
  try {
    await using opened = await openTrustedFile(file);
    if (opened.size > LARGEST) return broken({ file, ...TOO_LARGE });
    return parseConfiguration(new TextDecoder("utf-8", { fatal: true }).decode(await opened.octets()), file);
  } catch (error) {
    if (error instanceof UntrustedPathError) {
      const what = `this file chooses where mail and passwords go and which programs run, but ${error.what}`;
      return broken({ file, what, remedy: error.remedy });
    }
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (error instanceof TypeError) return broken({ file, what: "this is not UTF-8 text", remedy: "Save it as UTF-8" });
    const remedy = "It holds no secret: make it readable for the users who need it, or remove it";
    return broken({ file, what: `it cannot be read (${code})`, remedy });
  }
}

function broken(problem: Problem): ConfigurationFile {
  return { ...parseConfiguration("", problem.file), problems: [problem] };
}
