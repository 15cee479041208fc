/** Reads a secret that stands in an environment variable: one line of it, or nothing. */
import { textFaultOf } from "./text-fault.ts";

/**
 * Drops one line end, which `$(…)` does not leave, but a file of variables or `$'…\n'` does. A second line is refused: nobody can
 * know which of the two is the secret, and the server would lock the account for the wrong one.
 */
export function secretInVariable(value: string): { readonly secret: string } | { readonly fault: string } {
  const secret = value.endsWith("\r\n") ? value.slice(0, -2) : value.endsWith("\n") ? value.slice(0, -1) : value;
  if (/[\r\n]/.test(secret)) return { fault: "more than one line: set it to the secret alone" };
  // defence: password-without-control-characters
  const fault = textFaultOf(secret);
  return fault === undefined ? { secret } : { fault };
}
