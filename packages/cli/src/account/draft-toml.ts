/** A draft as TOML. */
import type { DraftConfiguration, DraftValue } from "./draft.ts";

/** `heading`: a line for a comment above it. */
export function formatDraft({ accounts, defaultAccount }: DraftConfiguration, heading: string): string {
  const parts = [
    `# ${heading.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?")}\n`,
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
    .map(([name, word]) => `${key(name)} = ${text(word)}`)
    .join(", ")} }`;
}

function isList(value: DraftValue): value is readonly string[] {
  return Array.isArray(value);
}

/** What JSON escapes TOML escapes alike; DEL is the one control that JSON leaves as it is. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll("\u007f", String.raw`\u007f`);
}

function key(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : text(name);
}
