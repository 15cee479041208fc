/** Reads Nodemailer's options from JSON or a URL, each with its line. */
import { CommandError } from "../command-error.ts";
import { DEEPEST, type KeyLines, linesOfKeys } from "./json-lines.ts";

/** By path, in lower case (`tls.minversion`): Nodemailer ignores a misspelt option, but it was meant all the same. */
export type Options = ReadonlyMap<string, Option>;

export interface Option {
  /** As written: `tls.minVersion`. */
  readonly name: string;
  readonly value: unknown;
  readonly line: number;
}

const URL_LINE =
  /^\s*(?:export\s+)?(?:[A-Za-z_][A-Za-z0-9_]*\s*[=:]\s*)?["']?((?:smtps?|submissions?):\/\/[^\s"']*)["']?[;,]?\s*$/;

/** `undefined` if the text is neither. Throws `CommandError` (`CLI_INPUT`) for invalid JSON. */
export function readNodemailerOptions(text: string): Options | undefined {
  if (/^\s*\{/.test(text)) return fromJson(text);
  const lines = text.split(/\r?\n/);
  const index = lines.findIndex((line) => URL_LINE.test(line));
  const url = URL_LINE.exec(lines[index] ?? "")?.[1];
  return url === undefined ? undefined : fromUrl(url, index + 1);
}

function fromJson(text: string): Options {
  const root = parsed(text);
  const lines = linesOfKeys(text);
  const options = new Map<string, Option>();
  const inner = root["transport"];
  if (typeof inner === "string" && URL.canParse(inner)) {
    for (const [path, option] of fromUrl(inner, lineOf(lines, ["transport"]))) options.set(path, option);
  } else {
    collect(isObject(inner) ? inner : root, isObject(inner) ? ["transport"] : [], lines, options);
  }
  // The mailer module of Nest, and many applications, have { transport, defaults: { from } }.
  const defaults = root["defaults"];
  if (isObject(defaults) && typeof defaults["from"] === "string") {
    options.set("from", { name: "defaults.from", value: defaults["from"], line: lineOf(lines, ["defaults", "from"]) });
  }
  return options;
}

/** Never reports the parser's message: it quotes the text, which may hold a password. */
function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const root: unknown = JSON.parse(text);
    if (isObject(root)) return root;
  } catch {
    // Reported below.
  }
  throw new CommandError(
    "CLI_INPUT",
    "the file begins like JSON, but is not valid JSON: comments, single quotes and trailing commas are JavaScript. Remove them, or give the options as a URL",
  );
}

function collect(
  object: Readonly<Record<string, unknown>>,
  above: readonly string[],
  lines: KeyLines,
  options: Map<string, Option>,
): void {
  for (const [key, value] of Object.entries(object)) {
    const path = [...above, key];
    const name = path.filter((part, index) => index > 0 || part !== "transport").join(".");
    if (isObject(value) && path.length < DEEPEST) collect(value, path, lines, options);
    else options.set(name.toLowerCase(), { name, value, line: lineOf(lines, path) });
  }
}

function lineOf(lines: KeyLines, path: readonly string[]): number {
  return lines.get(JSON.stringify(path)) ?? 1;
}

function fromUrl(text: string, line: number): Options {
  const options = new Map<string, Option>();
  const put = (name: string, value: unknown): void => void options.set(name.toLowerCase(), { name, value, line });
  if (!URL.canParse(text))
    throw new CommandError(
      "CLI_INPUT",
      `line ${line}: the URL is not valid; write an @, a / or a ? in a password as %40, %2F or %3F`,
    );
  const url = new URL(text);
  put("host", url.hostname);
  put("secure", url.protocol === "smtps:" || url.protocol === "submissions:");
  if (url.port !== "") put("port", Number(url.port));
  if (url.username !== "") put("auth.user", decoded(url.username, line));
  if (url.password !== "") put("auth.pass", decoded(url.password, line));
  for (const [name, value] of url.searchParams) {
    if (!options.has(name.toLowerCase())) put(name, value === "true" ? true : value === "false" ? false : value);
  }
  return options;
}

function decoded(text: string, line: number): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new CommandError(
      "CLI_INPUT",
      `line ${line}: a percent sign in the URL does not begin a UTF-8 octet; write %25 for the sign itself`,
    );
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
