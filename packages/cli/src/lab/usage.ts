/** What is wrong with the words of `postseal lab`. */
import { CommandError } from "../command-error.ts";

export function usage(message: string): CommandError {
  return new CommandError("CLI_USAGE", message);
}
