/** The library puts an error of its own around what the command threw into it: an interruption, or a password file that cannot be read. */
import { CommandError } from "./command-error.ts";
import { Interruption } from "./interruption.ts";

/** What the command itself threw, if the error goes back to that; else the error. */
export function reasonOf(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Interruption || cause instanceof CommandError ? cause : error;
}
