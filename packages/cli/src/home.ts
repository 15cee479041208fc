/** Finds the home folder. An empty or relative HOME would be another folder for each place in which the command is started. */
import { homedir, userInfo } from "node:os";
import path from "node:path";
import { CommandError } from "./command-error.ts";

/** HOME if it is absolute, or else what the system has for this user. Throws `CommandError`. */
export function homeFolder(): string {
  try {
    const home = homedir();
    return path.isAbsolute(home) ? home : userInfo().homedir;
  } catch (error) {
    // A container may run as a number that is no user's.
    throw new CommandError(
      "CLI_CONFIGURATION",
      "there is no home folder: the system knows none for this user. Set HOME, or XDG_CONFIG_HOME and XDG_STATE_HOME, to absolute paths",
      error,
    );
  }
}
