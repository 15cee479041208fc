/** Formats drafts of accounts as TOML. */
import { printable, tomlSafe } from "../terminal.ts";
import type { DraftConfiguration, DraftValue } from "./draft.ts";

/** `heading`: a comment line above it. */
export function formatDraft({ accounts, defaultAccount }: DraftConfiguration, heading: string): string {
  const parts = [
    `# ${printable(heading)}\n`,
    ...(defaultAccount === undefined ? [] : [`default-account = ${text(defaultAccount)}\n`]),
    ...accounts.map(({ name, keys }) => `[accounts.${key(name)}]\n${lines(keys)}`),
  ];
  return parts.join("\n");
}

function lines(keys: ReadonlyMap<string, DraftValue>): string {
  return [...keys].map(([name, value]) => `${key(name)} = ${valueOf(value)}\n`).join("");
}

function valueOf(value: DraftValue): string {
  if (typeof value === "string") return text(value);
  if (isList(value)) return `[${value.map(text).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([name, word]) => `${key(name)} = ${valueOf(word)}`)
    .join(", ")} }`;
}

function isList(value: DraftValue): value is readonly string[] {
  return Array.isArray(value);
}

/** TOML has all escapes of JSON. */
function text(value: string): string {
  // defence: toml-is-safe
  return tomlSafe(JSON.stringify(value));
}

function key(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : text(name);
}
