/** What is wrong with the command itself, before the library is asked for anything. */

/** `CLI_USAGE`: the words of the command line. `CLI_CONFIGURATION`: a file or variable that they name. */
export type CommandErrorCode = "CLI_USAGE" | "CLI_CONFIGURATION";

export class CommandError extends Error {
  readonly code: CommandErrorCode;
  readonly disposition = "give-up";

  constructor(code: CommandErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
