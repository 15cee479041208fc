/** Paths as people write them in a configuration file. */
import { homedir } from "node:os";
import path from "node:path";

/** `~/…` begins at home, and what is not absolute beside the file that names it: where the command was called from has no say. */
export function placeOf(written: string, file: string): string {
  if (written === "~" || written.startsWith("~/")) return path.join(homedir(), written.slice(1));
  return path.resolve(path.dirname(file), written);
}
