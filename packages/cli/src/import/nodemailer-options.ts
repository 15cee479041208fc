/** Reads Nodemailer's options from JSON or a URL, each with its line. */
import { CommandError } from "../command-error.ts";
import type { Value } from "./settings/setting.ts";
import { readVariables } from "./settings/variables.ts";
import { readUrlPart, readValue } from "./settings/value.ts";
import { DEEPEST, type KeyLines, linesOfKeys } from "./json-lines.ts";

/** By path, in lower case (`tls.minversion`): Nodemailer ignores a misspelt option, but it was meant all the same. */
export type Options = ReadonlyMap<string, Option>;

export interface Option {
  /** As written: `tls.minVersion`. */
  readonly name: string;
  readonly value: unknown;
  readonly line: number;
  /** The environment variable that the value comes from; `value` is then empty. */
  readonly variable?: string | undefined;
}

const SERVER = /^(?:smtps?|submissions?|smtp\+(?:starttls|tls|ssl)):\/\//;
const SENDER = /^(?:\w+_)?(?:MAIL|EMAIL|SMTP|MAILER)_(?:FROM|FROM_ADDRESS|FROM_EMAIL|SENDER)$|^DEFAULT_FROM_EMAIL$/;

/** `undefined` if the text is not JSON. Throws `CommandError` (`CLI_INPUT`) for invalid JSON. */
export function readJsonOptions(text: string): Options | undefined {
  return /^\s*\{/.test(text) ? fromJson(text) : undefined;
}

/** `undefined` if there is no URL that is a variable's, or alone in its line. Throws `CommandError` (`CLI_INPUT`) for an invalid one. */
export function readUrlOptions(text: string): Options | undefined {
  const found = urlIn(text);
  if (found === undefined) return undefined;
  const sender = readVariables(text).find(({ name }) => SENDER.test(name));
  const from: Option | undefined =
    sender === undefined
      ? undefined
      : { name: "from", value: sender.value.text, line: sender.line, variable: sender.value.variable };
  return new Map([...fromUrl(found.url, found.line), ...(from === undefined ? [] : [["from", from] as const])]);
}

export function urlIn(text: string): { readonly url: string; readonly line: number } | undefined {
  const variable = readVariables(text).find(({ value }) => SERVER.test(value.text));
  if (variable !== undefined) return { url: variable.value.text.replace(/[;,]$/, ""), line: variable.line };
  const lines = text.split(/\r?\n/);
  const index = lines.findIndex((line) => SERVER.test(readValue(line).text));
  return index === -1 ? undefined : { url: readValue(lines[index] ?? "").text, line: index + 1 };
}

function fromJson(text: string): Options {
  const root = parsed(text);
  const lines = linesOfKeys(text);
  const options = new Map<string, Option>();
  const ghost = ghostOptions(root, lines);
  if (ghost !== undefined) return ghost;
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

/** Ghost's config.production.json: `{ mail: { transport, from, options } }`. */
function ghostOptions(root: Readonly<Record<string, unknown>>, lines: KeyLines): Options | undefined {
  const mail = root["mail"];
  if (!isObject(mail)) return undefined;
  const options = new Map<string, Option>();
  const inner = mail["options"];
  if (isObject(inner)) collect(inner, ["mail", "options"], lines, options);
  else collect(mail, ["mail"], lines, options);
  for (const key of ["from", "transport"] as const) {
    if (typeof mail[key] === "string")
      options.set(key, { name: key, value: mail[key], line: lineOf(lines, ["mail", key]) });
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
    const name = path.slice(depthOf(path)).join(".");
    if (isObject(value) && path.length < DEEPEST) collect(value, path, lines, options);
    else options.set(name.toLowerCase(), { name, value, line: lineOf(lines, path) });
  }
}

/** How many keys of a path only lead to the options. */
function depthOf(path: readonly string[]): number {
  if (path[0] === "mail" && path[1] === "options") return 2;
  return (path[0] === "transport" || path[0] === "mail") && path.length > 1 ? 1 : 0;
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
  put("secure", /^(?:smtps|submissions|smtp\+ssl):$/.test(url.protocol));
  // These schemes ask for STARTTLS; Nodemailer's own smtp does not.
  if (/^(?:submission|smtp\+(?:start)?tls):$/.test(url.protocol)) put("requireTLS", true);
  if (url.port !== "") put("port", Number(url.port));
  const user = partOf(url.username, line);
  if (user.text !== "") put("auth.user", user.text);
  const { text: pass, variable } = partOf(url.password, line);
  if (variable !== undefined) options.set("auth.pass", { name: "auth.pass", value: "", line, variable });
  else if (pass !== "") put("auth.pass", pass);
  for (const [name, value] of url.searchParams) {
    if (!options.has(name.toLowerCase())) put(name, value === "true" ? true : value === "false" ? false : value);
  }
  return options;
}

function partOf(encoded: string, line: number): Value {
  try {
    return readUrlPart(encoded);
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
