/** `postseal import`: turns settings of msmtp or Nodemailer into safe accounts, and lists line by line what was unsafe. */
import { secretFileOf } from "../account/secret-file.ts";
import { isUtf8 } from "node:buffer";
import { open } from "node:fs/promises";
import path from "node:path";
import { parseConfiguration } from "../account/configuration.ts";
import { userFile } from "../account/configuration-file.ts";
import { formatProblem } from "../account/problem.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { errors, output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { textFaultOf } from "../text-fault.ts";
import type { Draft, Finding } from "./draft.ts";
import type { ImportOption } from "./options.ts";
import { formatDraft } from "../account/draft-toml.ts";
import { importMsmtprc } from "./msmtprc.ts";
import { importNodemailer } from "./nodemailer.ts";
import { readNodemailerOptions } from "./nodemailer-options.ts";
import { systemCode } from "../system-code.ts";

/** Far more than any settings need: a larger file is something else. */
const LARGEST = 64 * 1024;

/** Returns the exit code. Throws `CommandError`. */
export async function importFile(given: Arguments<ImportOption>): Promise<number> {
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
        `what would be written is not complete yet: ${formatProblem(problem)}. Print it without --write, and complete it by hand`,
      );
    }
    const { addToConfiguration } = await import("../account/addition.ts");
    await addToConfiguration(target, draft, toml);
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

async function draftOf(file: string, name: string): Promise<Draft> {
  const { octets, mode } = await contentOf(file).catch((cause: unknown) => {
    throw new CommandError("CLI_INPUT", `${file} cannot be read${systemCode(cause)}`, cause);
  });
  const text = textOf(file, octets);
  const options = readNodemailerOptions(text);
  const draft = options === undefined ? importMsmtprc(text) : importNodemailer(options, name);
  if (draft.accounts.length === 0) {
    throw new CommandError(
      "CLI_INPUT",
      `${file} has no account that can be read; it should be an msmtprc, JSON with Nodemailer's options, or a URL (smtp://…)`,
    );
  }
  const fault = draft.accounts.map(({ secret }) => textFaultOf(secret ?? "")).find((one) => one !== undefined);
  // Written into its file, it would become another password, or two lines.
  if (fault !== undefined) throw new CommandError("CLI_INPUT", `${file}: the password in it holds ${fault}`);
  return { ...draft, findings: [...openness(mode, draft), ...draft.findings] };
}

/** The file may be writable by anybody: importing it connects to nothing and runs nothing. */
async function contentOf(file: string): Promise<{ readonly octets: Buffer; readonly mode: number }> {
  await using handle = await open(file);
  return { mode: (await handle.stat()).mode, octets: await handle.readFile() };
}

/** Refuses what is not text, and characters that could begin another line of TOML. Nothing is silently removed. */
function textOf(file: string, octets: Buffer): string {
  if (octets.length > LARGEST)
    throw new CommandError("CLI_INPUT", `${file} is larger than 64 KiB: it is not a settings file`);
  if (!isUtf8(octets)) throw new CommandError("CLI_INPUT", `${file} is not UTF-8 text: convert it (iconv -t UTF-8)`);
  const text = new TextDecoder().decode(octets);
  const odd = text.split(/\r?\n/).findIndex((line) => textFaultOf(line.replaceAll("\t", " ")) !== undefined);
  if (odd !== -1) throw new CommandError("CLI_INPUT", `${file}:${odd + 1}: the line holds a control character`);
  return text;
}

function openness(mode: number, draft: Draft): readonly Finding[] {
  const isSecret = draft.accounts.some(({ secret }) => secret !== undefined);
  if (!isSecret || process.platform === "win32" || (mode & 0o077) === 0) return [];
  const what = "there is a password in it, and other users of this machine can read it";
  return [{ line: undefined, kind: "unsafe", what, now: "A secret is in a file of its own, mode 600, or is not used" }];
}

function formatFinding(file: string, { line, kind, what, now }: Finding): string {
  return `${file}${line === undefined ? "" : `:${line}`}: ${kind === "unsafe" ? "unsafe" : "left out"}: ${what}. Now: ${now}`;
}
