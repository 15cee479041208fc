/** Reads a host, a port, a sender's address and a path from settings. */
import type { DraftValue } from "../../account/draft.ts";
import { isHost } from "../../server-url.ts";
import type { Finding } from "../draft.ts";
import type { LabelledSetting } from "./sorted.ts";

export interface HostAndPort {
  readonly host: string;
  readonly port: number | undefined;
  /** Whether it began with PHP's `ssl://` or `tls://`. */
  readonly implicit: boolean;
}

const SERVICES: ReadonlyMap<string, number> = new Map([
  ["smtp", 25],
  ["submission", 587],
  ["smtps", 465],
  ["submissions", 465],
]);

/** `undefined` if the text is not a host, with or without a port. */
export function hostAndPort(text: string): HostAndPort | undefined {
  const [, prefix, rest = ""] = /^((?:ssl|tls):\/\/)?(.*)$/s.exec(text) ?? [];
  const implicit = prefix !== undefined;
  const [, bracketed, after] = /^(\[[0-9A-Fa-f:.]+\])(?::(\w+))?$/.exec(rest) ?? [];
  if (bracketed !== undefined) return { host: bracketed, port: portNumber(after ?? ""), implicit };
  const [, name = rest, port] = /^([^:]+):(\w+)$/.exec(rest) ?? [];
  // defence: host-of-settings-is-a-host
  if (!isHost(name) || (port !== undefined && portNumber(port) === undefined)) return undefined;
  return { host: name, port: portNumber(port ?? ""), implicit };
}

function portNumber(text: string): number | undefined {
  const port = SERVICES.get(text.toLowerCase()) ?? Number(text);
  return text !== "" && Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

/** The value is not quoted: it may be anything. */
export function portOf(setting: LabelledSetting | undefined, findings: Finding[]): number | undefined {
  if (setting === undefined) return undefined;
  const { label, line, value } = setting;
  const port = portNumber(value.text);
  const why = value.variable === undefined ? "is not a port number" : "comes from the environment";
  if (port === undefined || (value.variable !== undefined && value.text === ""))
    findings.push({ line, kind: "left-out", what: `${label} ${why}`, now: "The usual port is used" });
  return port;
}

export function senderOf(setting: LabelledSetting | undefined, findings: Finding[]): DraftValue | undefined {
  if (setting === undefined) return undefined;
  const { label, line, value } = setting;
  // Alice <alice@example.com>, and alice@example.com (Alice).
  const bare = /^([^\s()]+)[ \t]+\([^()]*\)$/.exec(value.text)?.[1] ?? value.text;
  const address = /<([^<>]*)>$/.exec(bare)?.[1] ?? bare;
  if (/^[^\s<>,@*?"'$[]+@[^\s<>,@*?"'$[]+$/.test(address)) return [address];
  const now = "Write the addresses into from, or choose the account with --account";
  findings.push({ line, kind: "left-out", what: `${label} is not one address`, now });
  return undefined;
}

/** A path from the root or the home folder; another one depends on a folder that is not known here. */
export function pathOf(setting: LabelledSetting | undefined, findings: Finding[]): string | undefined {
  if (setting === undefined) return undefined;
  const { label, line, value } = setting;
  if (isPath(value.text)) return value.text;
  const now = "It was left out: write it into the account";
  findings.push({ line, kind: "left-out", what: `${label} is not a path from the root or the home folder`, now });
  return undefined;
}

/** A word that begins with a slash: anything else may be a secret, and would be printed. */
export function isPath(text: string): boolean {
  return /^~?\/[^\s:;,"'`$]+$/.test(text);
}
