/** Resolves paths as people write them in a configuration file. */
import { homedir } from "node:os";
import path from "node:path";

/** `~/…` is in the home folder. Another relative path is relative to the file that names it, never to the current folder. */
export function placeOf(written: string, file: string): string {
  if (written === "~" || written.startsWith("~/")) return path.join(homedir(), written.slice(1));
  return path.resolve(path.dirname(file), written);
}
