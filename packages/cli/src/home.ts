/** Finds the home folder. An empty or relative HOME would be another folder for each place in which the command is started. */
import { homedir, userInfo } from "node:os";
import path from "node:path";

/** HOME if it is absolute, or else what the system has for this user. */
export function homeFolder(): string {
  const home = homedir();
  return path.isAbsolute(home) ? home : userInfo().homedir;
}
