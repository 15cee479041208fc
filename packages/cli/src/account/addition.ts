/** Adds accounts to the user's configuration: all or none, readable only for the user, and never with a secret in config.toml. */
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "../command-error.ts";
import { systemCode } from "../system-code.ts";
import { placeOf, UntrustedPathError } from "../trusted-path.ts";
import type { KeptTokens } from "../oauth/kept-tokens.ts";
import { type ConfigurationFile, parseConfiguration } from "./configuration.ts";
import { readFiles } from "./configuration-file.ts";
import type { DraftAccount, DraftConfiguration } from "./draft.ts";
import { ConfigurationError, inOrder } from "./problem.ts";
import { clientSecretFileOf, secretFileOf } from "./secret-file.ts";

/** Throws `CommandError` if the name is taken, or the address chooses another account: before somebody has signed in for nothing. */
export async function assertFree(file: string, name: string, address: string): Promise<void> {
  const before = await fileBefore(file, [{ name }]);
  const owner = before?.accounts.find(({ from }) => from.some((one) => one.toLowerCase() === address.toLowerCase()));
  if (owner === undefined) return;
  const what = `${address} already chooses the account ${owner.name}`;
  throw new CommandError(
    "CLI_CONFIGURATION",
    `${file}: ${what}. Remove it there first, or add an account for another address`,
  );
}

/**
 * `toml`: what to append; `namedIn`: the file that the accounts have their names from, if no option gave them. Throws
 * `CommandError` if an account or a secret's file already exists, or the result would be wrong.
 */
export async function addToConfiguration(
  file: string,
  { accounts }: DraftConfiguration,
  toml: string,
  namedIn?: string,
): Promise<void> {
  const before = await fileBefore(file, accounts, namedIn);
  const text = joined(before?.text ?? "", toml, before?.defaultAccount !== undefined);
  const [wrong, ...more] = parseConfiguration(text, file).problems;
  if (wrong !== undefined) throw new ConfigurationError(wrong, more);
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw notWritten(folder, cause);
  });
  // defence: place-of-a-password-is-judged
  await assertTrusted(folder);
  const written: string[] = [];
  const kept: KeptTokens[] = [];
  try {
    for (const account of accounts) {
      const tokens = account.tokens === undefined ? undefined : await tokensOf(account);
      if (tokens !== undefined) kept.push(tokens);
    }
    for (const [name, secret] of accounts.flatMap(secretsOf)) {
      const place = path.join(folder, name);
      await writeNew(place, `${secret}\n`);
      written.push(place);
    }
    const draft = `${file}.${process.pid}.new`;
    await writeNew(draft, text);
    written.push(draft);
    await rename(draft, file).catch((cause: unknown) => {
      throw notWritten(file, cause);
    });
  } catch (error) {
    await Promise.all([...written.map((place) => rm(place, { force: true })), ...kept.map(({ undo }) => undo())]);
    throw error;
  }
}

/** Late, since few accounts sign in. */
async function tokensOf(account: DraftAccount): Promise<KeptTokens | undefined> {
  const { keepTokens } = await import("../oauth/kept-tokens.ts");
  return keepTokens(account);
}

async function fileBefore(
  file: string,
  accounts: readonly Pick<DraftAccount, "name">[],
  namedIn?: string,
): Promise<ConfigurationFile | undefined> {
  const [before] = await readFiles([file]);
  const [problem, ...others] = inOrder(before?.problems ?? []);
  if (problem !== undefined) throw new ConfigurationError(problem, others);
  const twice = accounts.find(({ name }) => before?.accounts.some((account) => account.name === name));
  if (twice === undefined) return before;
  const remedy = namedIn === undefined ? "give another name (--name NAME)" : `rename it in ${namedIn}`;
  throw new CommandError(
    "CLI_CONFIGURATION",
    `${file} has an account ${twice.name} already: ${remedy}, or remove it there`,
  );
}

/** The files of its secrets. */
function secretsOf({ name, secret, clientSecret }: DraftAccount): readonly (readonly [file: string, secret: string])[] {
  const files = [
    [secretFileOf(name), secret],
    [clientSecretFileOf(name), clientSecret],
  ] as const;
  return files.flatMap(([file, text]) => (text === undefined ? [] : [[file, text] as const]));
}

/** Passwords are written there, and nobody may replace them later. */
async function assertTrusted(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  await placeOf(folder).catch((error: unknown) => {
    if (!(error instanceof UntrustedPathError)) throw error;
    throw new CommandError("CLI_CONFIGURATION", `nothing was written to ${folder}: ${error.message}`, error);
  });
}

/** Puts a root key above the first table: further down it would belong to a table. */
function joined(before: string, addition: string, hasDefault: boolean): string {
  if (before === "") return addition;
  const [root = ""] = /^default-account = .*\n\n/m.exec(addition) ?? [];
  // An existing default account stays.
  return `${hasDefault ? "" : root}${withoutLastLineEnds(before)}\n\n${addition.replace(root, "")}`;
}

/** A loop, because a pattern such as `\n*$` is quadratic: it starts anew at each line end. */
function withoutLastLineEnds(text: string): string {
  let end = text.length;
  while (text.endsWith("\n", end)) end -= 1;
  return text.slice(0, end);
}

/** Leaves no file if it fails: an empty file would block the next try. */
async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx", 0o600).catch((cause: unknown) => {
    const exists = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    if (!exists) throw notWritten(file, cause);
    const what = "exists already, and is not overwritten: look what it is, and move it away";
    throw new CommandError("CLI_CONFIGURATION", `${file} ${what}`, cause);
  });
  try {
    await handle.writeFile(text);
    await handle.chmod(0o600);
    await handle.sync();
    await handle.close();
  } catch (cause) {
    // A full disk may show only now.
    await handle.close().catch(() => {});
    await rm(file, { force: true });
    throw notWritten(file, cause);
  }
}

function notWritten(place: string, cause: unknown): CommandError {
  const what = `${place} cannot be written${systemCode(cause)}. Nothing was changed, and no file is left over`;
  return new CommandError("CLI_WRITE", what, cause);
}
