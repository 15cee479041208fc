/** `postseal import`: settings of msmtp or Nodemailer as safe accounts, and line by line what was unsafe in them. */
import { secretFileOf } from "../account/secret-file.ts";
import { open } from "node:fs/promises";
import path from "node:path";
import { parseConfiguration } from "../account/configuration.ts";
import { userFile } from "../account/configuration-file.ts";
import { formatProblem } from "../account/problem.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { printable, widthOf, wrap } from "../terminal.ts";
import type { Draft, Finding } from "./draft.ts";
import { formatDraft } from "../account/draft-toml.ts";
import { importMsmtprc } from "./msmtprc.ts";
import { importNodemailer } from "./nodemailer.ts";
import { readNodemailerOptions } from "./nodemailer-options.ts";

/** Returns the exit code. Throws `CommandError`. */
export async function importFile(given: Arguments): Promise<number> {
  const [file] = given.words;
  if (file === undefined) throw new CommandError("CLI_USAGE", "there is no file: postseal import ~/.msmtprc");
  const name = given.one("name") ?? "imported";
  const draft = await draftOf(file, name);
  const toml = formatDraft(draft, `From ${path.basename(file)}, by postseal import`);
  const target = userFile(process.env);
  const { problems } = parseConfiguration(toml, target);
  if (given.has("write")) {
    const [problem] = problems;
    if (problem !== undefined) {
      throw new CommandError(
        "CLI_INPUT",
        `what would be written is not right yet: ${formatProblem(problem)}. Print it without --write, and complete it by hand`,
      );
    }
    const { addToConfiguration } = await import("../account/addition.ts");
    await addToConfiguration(target, draft, toml);
  }
  if (given.has("json")) {
    process.stdout.write(`${JSON.stringify({ ok: true, exitCode: 0, file, toml, findings: draft.findings })}\n`);
    return 0;
  }
  for (const finding of draft.findings) tell(formatFinding(file, finding));
  if (given.has("write")) {
    for (const { name: account, secret } of draft.accounts) {
      if (secret !== undefined)
        tell(`${path.join(path.dirname(target), secretFileOf(account))}: the secret of ${account}, mode 600`);
    }
    tell(
      `${target}: ${draft.accounts.map((account) => account.name).join(", ")} added; postseal verify --account ${draft.accounts[0]?.name ?? name} tries it`,
    );
    return 0;
  }
  for (const { name: account, keys, secret } of draft.accounts) {
    const reference = keys.get("password-file") ?? keys.get("token-file");
    if (reference !== secretFileOf(account)) continue;
    const also = secret === undefined ? "" : "; --write does it";
    tell(`to do: the secret of ${account} goes into ${reference} beside config.toml, mode 600${also}`);
  }
  for (const { what, remedy } of problems) tell(`to do: ${what}. ${remedy}`);
  process.stdout.write(toml);
  return 0;
}

async function draftOf(file: string, name: string): Promise<Draft> {
  const { text, mode } = await contentOf(file).catch((cause: unknown) => {
    const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new CommandError("CLI_INPUT", `${file} cannot be read${code}`, cause);
  });
  const options = readNodemailerOptions(text);
  const draft = options === undefined ? importMsmtprc(text) : importNodemailer(options, name);
  if (draft.accounts.length === 0) {
    throw new CommandError(
      "CLI_INPUT",
      `${file} has no account in it that is understood: it is read as an msmtprc, as JSON with Nodemailer's options, or as a URL (smtp://…)`,
    );
  }
  return { ...draft, findings: [...openness(mode, draft), ...draft.findings] };
}

/** Whoever has written it: nothing in it is believed before a person has seen what becomes of it. */
async function contentOf(file: string): Promise<{ readonly text: string; readonly mode: number }> {
  const handle = await open(file);
  try {
    return { mode: (await handle.stat()).mode, text: await handle.readFile("utf8") };
  } finally {
    await handle.close();
  }
}

function openness(mode: number, draft: Draft): readonly Finding[] {
  const isSecret = draft.accounts.some(({ secret }) => secret !== undefined);
  if (!isSecret || process.platform === "win32" || (mode & 0o077) === 0) return [];
  const what = "there is a password in it, and other users of this machine may read it";
  return [
    { line: undefined, kind: "unsafe", what, now: "A secret is in a file of its own, mode 600, or it is not used" },
  ];
}

function formatFinding(file: string, { line, kind, what, now }: Finding): string {
  return `${file}${line === undefined ? "" : `:${line}`}: ${kind === "unsafe" ? "unsafe" : "left out"}: ${what}. Now: ${now}`;
}

function tell(line: string): void {
  process.stderr.write(`${wrap(printable(line), widthOf(process.stderr), "  ")}\n`);
}
