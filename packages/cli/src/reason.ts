/** Unwraps the command's own errors, such as an unreadable password file: the library rejects with its own error around them. */
import { CommandError } from "./command-error.ts";
import { Interruption } from "./interruption.ts";

/** The command's own error, if that is the cause; else the error itself. */
export function reasonOf(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Interruption || cause instanceof CommandError ? cause : error;
}
