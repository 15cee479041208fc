/** Finds the program of a `password-command`: what a trusted file names is held to the same rule as the file. */
import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { placeOf } from "../trusted-path.ts";

/** Where the system looks without a PATH. */
const USUAL = "/bin:/usr/bin";

/**
 * What is to be started: a whole path, so that nothing can come before it, with its links, since some programs ask by which
 * name they were called. `undefined`: there is none. Throws `UntrustedPathError`.
 */
export async function findProgram(name: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (process.platform === "win32") return name;
  const folders = name.includes("/") ? [""] : (environment["PATH"] ?? USUAL).split(path.delimiter);
  for (const folder of folders) {
    const file = path.resolve(folder, name);
    if (!(await isProgram(file))) continue;
    // defence: program-is-judged
    await placeOf(file);
    return file;
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
