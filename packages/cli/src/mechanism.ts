/** Finds a SASL mechanism by the name that somebody typed. */
import { type MechanismName, mechanismNames } from "@postseal/mailer/mechanisms";

/** Ignores the case of ASCII letters only: `toUpperCase` turns others into ASCII too, such as U+017F into S. */
export function mechanismNamed(text: string): MechanismName | undefined {
  return /^[\w-]+$/.test(text) ? mechanismNames.find((name) => name === text.toUpperCase()) : undefined;
}
