/** Reads the one key of an account that says where its secret is. */
import { textFaultOf } from "../text-fault.ts";
import type { AccountKey } from "./account.ts";
import type { SecretReference, SecretUse } from "./secret-reference.ts";
import { placeOf } from "./place.ts";
import type { TableReader } from "./table-reader.ts";

const KEYS = [
  "password-command",
  "password-file",
  "password-env",
  "password-secret-tool",
  "token-command",
  "token-file",
  "token-env",
] as const;
export const secretKeys: readonly AccountKey[] = KEYS;

export function secretOf(reader: TableReader<AccountKey>, file: string): SecretReference<AccountKey> | undefined {
  const [key, second] = KEYS.filter((one) => reader.has(one));
  if (key === undefined) return undefined;
  if (second !== undefined) {
    reader.problem(second, `${key} and ${second} exclude each other`, "Keep one of them");
    return undefined;
  }
  if (key === "password-secret-tool") return attributesOf(reader, key);
  return referenceOf(reader, key, { use: key.startsWith("token") ? "token" : "password", file });
}

/** In seconds. */
export function passwordTimeoutOf(
  reader: TableReader<AccountKey>,
  secret: SecretReference | undefined,
): number | undefined {
  const remedy = "Write password-timeout = 120, in seconds, from 1 to 600";
  const seconds = reader.number("password-timeout", remedy);
  if (seconds === undefined) return undefined;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 600) {
    reader.problem("password-timeout", "password-timeout is not a whole number of seconds from 1 to 600", remedy);
  } else if (secret !== undefined && secret.from !== "command") {
    const what = "password-timeout is for a program, and the secret of this account comes from elsewhere";
    reader.problem("password-timeout", what, "Leave it out");
  }
  return seconds;
}

/** By the end of the key: `-command`, `-file`, or the name of a variable. `file`: which the key is in. */
export function referenceOf<Key extends string>(
  reader: TableReader<Key>,
  key: Key,
  { use, file }: { readonly use: SecretUse; readonly file: string },
): SecretReference<Key> | undefined {
  const about = { use, key, line: () => reader.lineOf(key) };
  if (key.endsWith("-command")) {
    const remedy = `Write the program and its words: ${key} = ["pass", "show", "mail"]. No shell reads it`;
    const words = reader.list(key, remedy);
    return words === undefined ? undefined : { ...about, from: "command", words };
  }
  if (key.endsWith("-file")) {
    const path = reader.text(key, `Write ${key} = "/path/to/file"`);
    return path === undefined ? undefined : { ...about, from: "file", path: placeOf(path, file) };
  }
  const variable = reader.text(key, `Write the name of the variable: ${key} = "MAIL_PASSWORD"`);
  return variable === undefined ? undefined : { ...about, from: "environment", variable };
}

function attributesOf(reader: TableReader<AccountKey>, key: AccountKey): SecretReference<AccountKey> | undefined {
  const remedy = `Write the attributes to look it up by: ${key} = { service = "smtp", user = "alice" }`;
  const table = reader.table(key, remedy);
  if (table === undefined) return undefined;
  const attributes = Object.entries(table);
  if (attributes.length === 0 || attributes.some((words) => words.some((word) => !isText(word)))) {
    reader.problem(key, `${key} has no attributes, or one that is not a line of text`, remedy);
    return undefined;
  }
  const words = ["secret-tool", "lookup", ...attributes.flatMap(([name, value]) => [name, String(value)])];
  return { use: "password", key, line: () => reader.lineOf(key), from: "command", words };
}

function isText(word: unknown): boolean {
  return typeof word === "string" && textFaultOf(word) === undefined;
}
