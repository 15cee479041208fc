/** Errors of the command itself, apart from those of the library and of the lab. */
import type { OutboxErrorCode } from "@postseal/outbox";

/**
 * What is wrong. `CLI_USAGE`: the command line. `CLI_CONFIGURATION`: a file or variable that it names. `CLI_INPUT`: the
 * message on standard input, or in a file that an option names. `CLI_NO_USER`: a recipient who does not exist. `CLI_WRITE`: a file
 * that cannot be written.
 */
export type CommandErrorCode = "CLI_USAGE" | "CLI_CONFIGURATION" | "CLI_INPUT" | "CLI_NO_USER" | "CLI_WRITE";

/** Also what the outbox says of itself, in the command's words. */
type Code = CommandErrorCode | OutboxErrorCode;

export class CommandError extends Error {
  readonly code: Code;
  readonly disposition: "retry" | "give-up";

  constructor(code: Code, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    // What the outbox says of itself is the same error in other words.
    this.disposition =
      cause instanceof Error && fieldOf(cause, "code") === code && fieldOf(cause, "disposition") === "retry"
        ? "retry"
        : "give-up";
  }
}

function fieldOf(error: Error, name: string): unknown {
  return Reflect.get(error, name);
}
