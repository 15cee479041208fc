/** The vectors of isemail, a development dependency: its data is read, its code is not run. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { AddressCase } from "./cases.ts";

/**
 * The diagnoses of addresses that RCPT may say: valid ones, those with a warning about DNS, and what is unusual but in
 * RFC 5321. All others are only for header fields (comments, folding, obsolete forms, RFC 5322's wider domain), or invalid.
 */
const SMTP = /^(?:valid|dnsWarn|rfc5321)/;

export function isemailCases(): readonly AddressCase[] {
  const file = fileURLToPath(import.meta.resolve("isemail-vectors/test/tests.json"));
  const vectors: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(vectors)) throw new TypeError("isemail's vectors are not a list");
  const cases = vectors.map((vector: unknown): AddressCase => {
    const [address, diagnosis]: readonly unknown[] = Array.isArray(vector) ? vector : [];
    if (typeof address !== "string" || typeof diagnosis !== "string") throw new TypeError("a vector is not a pair");
    return {
      id: `isemail/${diagnosis}/${JSON.stringify(address)}`,
      address,
      right: SMTP.test(diagnosis) ? "accepted" : "refused",
    };
  }); // Some vectors are listed twice.
  return [...new Map(cases.map((one) => [one.id, one])).values()];
}
