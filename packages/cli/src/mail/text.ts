/** The text and the HTML of a composed message: from the command line, a file or standard input. */
import { readFile, stat } from "node:fs/promises";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { systemCode } from "../system-code.ts";
import { type Input, readInput } from "./input.ts";

type TextOption = "text" | "html" | "text-file" | "html-file";

export interface Texts {
  readonly text: string | undefined;
  readonly html: string | undefined;
}

/** Throws `CommandError`: `CLI_USAGE`, or `CLI_INPUT` for what cannot be read. */
export async function textsOf(given: Arguments<TextOption>, input: Input): Promise<Texts> {
  const [text, html] = [given.oneOf("text", "text-file"), given.oneOf("html", "html-file")];
  if (text !== undefined && html !== undefined && given.one(text) === "-" && given.one(html) === "-")
    throw usage(`only one of --${text} and --${html} can be read from standard input`);
  return { text: await textOf(given, text, input), html: await textOf(given, html, input) };
}

async function textOf(
  given: Arguments<TextOption>,
  option: TextOption | undefined,
  input: Input,
): Promise<string | undefined> {
  const value = option === undefined ? undefined : given.one(option);
  if (option === undefined || value === undefined) return undefined;
  if (value === "-") return decoded(await readInput(input), `--${option} -: standard input`);
  if (option === "text-file" || option === "html-file") {
    const octets = await readFile(value, { signal: input.signal }).catch((cause: unknown) => {
      if (input.signal.aborted) throw input.signal.reason;
      throw new CommandError("CLI_INPUT", `--${option}: ${value} cannot be read${systemCode(cause)}`, cause);
    });
    return decoded(octets, `--${option}: ${value}`);
  }
  await refuseFileName(value, option);
  return value;
}

/** curl and other commands read `@FILE`, others the file itself. Here it is text, and the recipient would get the name of the file. */
async function refuseFileName(value: string, option: "text" | "html"): Promise<void> {
  // Longer than any path.
  if (value.length > 4_096 || value.includes("\0")) return;
  // A short text may be the name of a file by chance. HTML is seldom.
  const isPage = option === "html" && /\.x?html?$/i.test(value);
  if (!value.startsWith("@") && !isPage) return;
  const name = value.startsWith("@") ? value.slice(1) : value;
  const isFile = await stat(name).then(
    (status) => !status.isDirectory(),
    () => false,
  );
  if (isFile) throw usage(`--${option} takes the text itself, and ${name} is a file: give --${option}-file ${name}`);
}

function decoded(octets: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch {
    throw usage(`${what} is not UTF-8 text; convert it (iconv -t UTF-8), or attach it as a file`);
  }
}

function usage(message: string): CommandError {
  return new CommandError("CLI_USAGE", message);
}
