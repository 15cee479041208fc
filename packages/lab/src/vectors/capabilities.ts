/** What an honest server offers, and its EHLO reply: vectors change some lines of it. */
import { HOST } from "../authority/authority.ts";

export const clearCapabilities: readonly string[] = [
  "PIPELINING",
  "SIZE 36700160",
  "8BITMIME",
  "SMTPUTF8",
  "DSN",
  "ENHANCEDSTATUSCODES",
  "CHUNKING",
  "STARTTLS",
];

export const sealedCapabilities: readonly string[] = [
  ...clearCapabilities.filter((capability) => capability !== "STARTTLS"),
  "AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN",
];

/** The EHLO reply (RFC 5321 section 4.1.1.1). */
export function ehloReply(capabilities: readonly string[], name: string = HOST): string {
  const lines = [name, ...capabilities];
  return lines.map((line, at) => `250${at === lines.length - 1 ? " " : "-"}${line}\r\n`).join("");
}
