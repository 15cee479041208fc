/** How a secret looks when a server says back what it was told: as it is, and inside base64 of anything. */
import type { Credentials } from "./credentials.ts";
import { Secret } from "./secret.ts";

/** Shorter ones stand in too many words: striking them out would spoil what the server says, and show where they were. */
const SHORTEST = 4;

/** The secret of these credentials, in all its forms. None if it is not text: such credentials are refused before they are used. */
export function secretForms(credentials: Credentials): readonly string[] {
  const secret: unknown =
    "accessToken" in credentials
      ? credentials.accessToken
      : "password" in credentials
        ? credentials.password
        : undefined;
  const plain = secret instanceof Secret ? secret.reveal() : secret;
  return typeof plain === "string" ? formsOf(plain) : [];
}

/** The same for what is not a secret itself, but made from one. */
export function formsOf(plain: string): readonly string[] {
  return [plain, ...[0, 1, 2].map((offset) => inBase64(plain, offset))].filter((form) => form.length >= SHORTEST);
}

/** The characters of base64 that depend on the secret alone, where it begins at this offset of a group of three octets. */
function inBase64(secret: string, offset: number): string {
  const octets = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const whole = Math.floor((octets.length * 8) / 6);
  return octets.toString("base64").slice(Math.ceil((offset * 8) / 6), whole);
}
