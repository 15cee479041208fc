/** The SASL mechanisms that may be asked for by name. */
import type { MechanismName } from "@postseal/mailer";

export const mechanismNames: readonly MechanismName[] = [
  "SCRAM-SHA-256-PLUS",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  "CRAM-MD5",
  "PLAIN",
  "LOGIN",
  "OAUTHBEARER",
  "XOAUTH2",
  "EXTERNAL",
];

/** In any case of ASCII letters: others become these too, as U+017F becomes S. */
export function mechanismNamed(text: string): MechanismName | undefined {
  return /^[\w-]+$/.test(text) ? mechanismNames.find((name) => name === text.toUpperCase()) : undefined;
}
