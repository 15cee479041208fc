/** Finds the program of a `password-command`: a program that a trusted file names must be trusted in the same way. */
import { access, constants, stat } from "node:fs/promises";
import path from "node:path";
import { placeOf } from "../trusted-path.ts";

/** Where the system looks if there is no PATH. */
const USUAL = "/bin:/usr/bin";

/**
 * The absolute path of the program, so that nothing earlier in PATH can take its place. Links are kept, since some programs
 * look at the name that they were called by. `undefined` if there is none. Throws `UntrustedPathError`.
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
