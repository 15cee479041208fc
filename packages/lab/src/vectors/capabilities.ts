/** What an honest server offers: vectors change some lines of it. */
import { LARGEST } from "../server/session.ts";

export const clearCapabilities: readonly string[] = [
  "PIPELINING",
  `SIZE ${LARGEST}`,
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
