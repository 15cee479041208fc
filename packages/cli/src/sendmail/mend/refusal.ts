/** The error for what cannot be mended. */
import { CommandError } from "../../command-error.ts";

export function refusal(what: string): CommandError {
  return new CommandError("CLI_INPUT", `${what}. Nothing was sent`);
}
