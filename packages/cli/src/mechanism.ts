/** The SASL mechanisms that may be asked for by name. */
import { type MechanismName, mechanismNames } from "@postseal/mailer/mechanisms";

/** In any case of ASCII letters: others become these too, as U+017F becomes S. */
export function mechanismNamed(text: string): MechanismName | undefined {
  return /^[\w-]+$/.test(text) ? mechanismNames.find((name) => name === text.toUpperCase()) : undefined;
}
