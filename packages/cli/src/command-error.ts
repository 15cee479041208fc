/** What is wrong with the command itself, before the library is asked for anything. */

/**
 * `CLI_USAGE`: the words of the command line. `CLI_CONFIGURATION`: a file or variable that they name. `CLI_INPUT`: the
 * message on standard input. `CLI_NO_USER`: a recipient who is nobody.
 */
export type CommandErrorCode = "CLI_USAGE" | "CLI_CONFIGURATION" | "CLI_INPUT" | "CLI_NO_USER";

export class CommandError extends Error {
  readonly code: CommandErrorCode;
  readonly disposition = "give-up";

  constructor(code: CommandErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
