/** What a file of settings holds, as drafts of accounts, or why it cannot be imported. */
import { isUtf8 } from "node:buffer";
import path from "node:path";
import { CommandError } from "../command-error.ts";
import { textFaultOf } from "../text-fault.ts";
import type { Draft, Finding } from "./draft.ts";
import { readSettings, shapes } from "./shapes.ts";

export interface Content {
  readonly octets: Uint8Array;
  readonly mode: number;
}

/** Far more than any settings need: a larger file is something else. */
const LARGEST = 64 * 1024;

/** Throws `CommandError` (`CLI_INPUT`). */
export function readContent(file: string, { octets, mode }: Content, name: string): Draft {
  const draft = draftOf(file, textOf(file, octets), name);
  if (draft.accounts.length === 0) {
    const titles = shapes.map(({ title }) => title).join(", ");
    throw new CommandError("CLI_INPUT", `${file} has no account that can be read. What can be read: ${titles}`);
  }
  const fault = draft.accounts.map(({ secret }) => textFaultOf(secret ?? "")).find((one) => one !== undefined);
  // Written into its file, it would become another password, or two lines.
  if (fault !== undefined) throw new CommandError("CLI_INPUT", `${file}: the password in it holds ${fault}`);
  return { ...draft, findings: [...openness(mode, draft), ...draft.findings] };
}

/** The readers of the shapes know lines, but not which file they read. */
function draftOf(file: string, text: string, name: string): Draft {
  try {
    return readSettings({ name: path.basename(file), text }, name);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(error.code, `${file}: ${error.message}`, error.cause);
  }
}

/** Refuses what is not text, and characters that could begin another line of TOML. Nothing is silently removed. */
function textOf(file: string, octets: Uint8Array): string {
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
