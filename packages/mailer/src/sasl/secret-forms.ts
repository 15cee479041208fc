/** The forms in which a server may repeat a secret: as it is, and inside the base64 of a longer text. */
import type { Credentials } from "./credentials.ts";
import { Secret } from "./secret.ts";

/** A shorter one occurs in too many words: striking it out would spoil the server's text, and reveal it by the gaps. */
const SHORTEST = 4;

/** The secret of these credentials, in all its forms. None if it is not text: such credentials are refused before use. */
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

/** The same for any text, such as a proof that is made from a secret. */
export function formsOf(plain: string): readonly string[] {
  return [plain, ...[0, 1, 2].map((offset) => inBase64(plain, offset))].filter((form) => form.length >= SHORTEST);
}

/** The base64 characters that depend only on the secret, if it begins at this offset in a group of three octets. */
function inBase64(secret: string, offset: number): string {
  const octets = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const whole = Math.floor((octets.length * 8) / 6);
  return octets.toString("base64").slice(Math.ceil((offset * 8) / 6), whole);
}
