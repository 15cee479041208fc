/** Finds a program as execvp(3) does, so that one that is missing is known before anything is started. */
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";

/** Where systems keep programs, for an environment without a PATH. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Its path; or the system's code for why it cannot be started: `ENOENT`, `EACCES`. */
export function findProgram(
  name: string,
  searched: string = PATH,
): { readonly path: string } | { readonly code: string } {
  // There, what may be started depends on the end of its name: the system has to find it.
  if (process.platform === "win32") return { path: name };
  const places = name.includes(path.sep)
    ? [name]
    : searched.split(path.delimiter).map((folder) => path.join(folder, name));
  const codes = places.map(whyNot);
  const found = places.find((_, at) => codes[at] === undefined);
  return found === undefined ? { code: codes.find((code) => code === "EACCES") ?? "ENOENT" } : { path: found };
}

function whyNot(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile() ? undefined : "EACCES";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "ENOENT";
  }
}
