/** Resolves paths as people write them in a configuration file. */
import path from "node:path";
import { homeFolder } from "../home.ts";

/** `~/…` is in the home folder. Another relative path is relative to the file that names it, never to the current folder. */
export function placeOf(written: string, file: string): string {
  if (written === "~" || written.startsWith("~/")) return path.join(homeFolder(), written.slice(1));
  return path.resolve(path.dirname(file), written);
}
