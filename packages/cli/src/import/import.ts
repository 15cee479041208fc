/** `postseal import`: turns settings of other programs into safe accounts, and lists line by line what was unsafe. */
import { secretFileOf } from "../account/secret-file.ts";
import { open } from "node:fs/promises";
import path from "node:path";
import { parseConfiguration } from "../account/configuration.ts";
import { userFile } from "../account/configuration-file.ts";
import { formatProblem } from "../account/problem.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { errors, output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { type Content, readContent } from "./content.ts";
import { formatFinding } from "./draft.ts";
import type { ImportOption } from "./options.ts";
import { formatDraft } from "../account/draft-toml.ts";
import { systemCode } from "../system-code.ts";

/** Returns the exit code. Throws `CommandError`. */
export async function importFile(given: Arguments<ImportOption>): Promise<number> {
  const [file] = given.words;
  if (file === undefined) throw new CommandError("CLI_USAGE", "there is no file: postseal import ~/.msmtprc");
  const name = given.one("name") ?? "imported";
  const draft = readContent(file, await contentOf(file), name);
  const toml = formatDraft(draft, `From ${path.basename(file)}, by postseal import`);
  const target = userFile(process.env);
  const { problems } = parseConfiguration(toml, target);
  if (given.has("write")) {
    const [problem] = problems;
    if (problem !== undefined) {
      throw new CommandError(
        "CLI_INPUT",
        `what would be written is not complete yet: ${formatProblem(problem)}. Print it without --write, and complete it by hand`,
      );
    }
    const { addToConfiguration } = await import("../account/addition.ts");
    const isOurs = draft.accounts.some((account) => account.name === name);
    await addToConfiguration(target, draft, toml, isOurs ? undefined : file);
  }
  if (given.has("json")) {
    output.json({ ok: true, exitCode: exits.done.code, file, toml, findings: draft.findings });
    return exits.done.code;
  }
  for (const finding of draft.findings) errors.line(formatFinding(file, finding));
  if (given.has("write")) {
    for (const { name: account, secret } of draft.accounts) {
      if (secret !== undefined)
        errors.line(`${path.join(path.dirname(target), secretFileOf(account))}: the secret of ${account}, mode 600`);
    }
    errors.line(
      `${target}: ${draft.accounts.map((account) => account.name).join(", ")} added; postseal verify --account ${draft.accounts[0]?.name ?? name} tries it`,
    );
    return exits.done.code;
  }
  for (const { name: account, keys, secret } of draft.accounts) {
    const reference = keys.get("password-file") ?? keys.get("token-file");
    if (reference !== secretFileOf(account)) continue;
    const also = secret === undefined ? "" : "; --write does it";
    errors.line(`to do: the secret of ${account} goes into ${reference} beside config.toml, mode 600${also}`);
  }
  for (const { what, remedy } of problems) errors.line(`to do: ${what}. ${remedy}`);
  output.page(toml);
  return exits.done.code;
}

/** The file may be writable by anybody: importing it connects to nothing and runs nothing. */
async function contentOf(file: string): Promise<Content> {
  try {
    await using handle = await open(file);
    return { mode: (await handle.stat()).mode, octets: await handle.readFile() };
  } catch (cause) {
    throw new CommandError("CLI_INPUT", `${file} cannot be read${systemCode(cause)}`, cause);
  }
}
