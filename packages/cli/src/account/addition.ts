/** Adds accounts to the user's configuration: all or nothing, readable by nobody else, and never a secret in it. */
import { chmod, mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import { CommandError } from "../command-error.ts";
import { placeOf, UntrustedPathError } from "../trusted-path.ts";
import { parseConfiguration } from "./configuration.ts";
import { readFiles } from "./configuration-file.ts";
import type { DraftConfiguration } from "./draft.ts";
import { ConfigurationError, inOrder } from "./problem.ts";
import { secretFileOf } from "./secret-file.ts";

/** `toml`: what to append. Throws `CommandError` where an account or the file of a secret is there already, or the result would be wrong. */
export async function addToConfiguration(file: string, { accounts }: DraftConfiguration, toml: string): Promise<void> {
  const [before] = await readFiles([file]);
  const [problem, ...others] = inOrder(before?.problems ?? []);
  if (problem !== undefined) throw new ConfigurationError(problem, others);
  const twice = accounts.find(({ name }) => before?.accounts.some((account) => account.name === name));
  if (twice !== undefined) {
    throw new CommandError(
      "CLI_CONFIGURATION",
      `${file} has an account ${twice.name} already: give another name (--name NAME), or take it out there`,
    );
  }
  const text = joined(before?.text ?? "", toml, before?.defaultAccount !== undefined);
  const [wrong, ...more] = parseConfiguration(text, file).problems;
  if (wrong !== undefined) throw new ConfigurationError(wrong, more);
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // defence: place-of-a-password-is-judged
  await assertTrusted(folder);
  const written: string[] = [];
  try {
    for (const { name, secret } of accounts) {
      if (secret === undefined) continue;
      const place = path.join(folder, secretFileOf(name));
      await writeNew(place, `${secret}\n`);
      written.push(place);
    }
    const draft = `${file}.${process.pid}.new`;
    await writeNew(draft, text);
    written.push(draft);
    await rename(draft, file);
  } catch (error) {
    await Promise.all(written.map((place) => rm(place, { force: true })));
    throw error;
  }
}

/** What is written there are passwords, and it has to be what is found there later. */
async function assertTrusted(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  await placeOf(folder).catch((error: unknown) => {
    if (!(error instanceof UntrustedPathError)) throw error;
    throw new CommandError("CLI_CONFIGURATION", `nothing was written to ${folder}: ${error.message}`, error);
  });
}

/** Keys of the root stand above the first table: one that comes later would belong to that table. */
function joined(before: string, addition: string, hasDefault: boolean): string {
  if (before === "") return addition;
  const [root = ""] = /^default-account = .*\n\n/m.exec(addition) ?? [];
  // Whoever has a default account keeps it.
  return `${hasDefault ? "" : root}${withoutLastLineEnds(before)}\n\n${addition.replace(root, "")}`;
}

/** A pattern such as `\n*$` would begin again at each line end of the file. */
function withoutLastLineEnds(text: string): string {
  let end = text.length;
  while (text.endsWith("\n", end)) end -= 1;
  return text.slice(0, end);
}

async function writeNew(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx", 0o600).catch((cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw new CommandError(
      "CLI_CONFIGURATION",
      `${file} ${code === "EEXIST" ? "is there already, and is not overwritten: look what it is, and take it away" : `cannot be written (${code})`}`,
      cause,
    );
  });
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(file, 0o600);
}
