/** Adds a line to a log file that only this user and root can change. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { faultOf, placeOf } from "../trusted-path.ts";

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;

/** The file is made if it is missing, readable by this user alone. Throws `UntrustedPathError`, or what the system says. */
export async function appendLine(file: string, line: string): Promise<void> {
  // Anybody who can change its folder could lead the line into any file that this user can write.
  // defence: folder-of-the-log-is-judged
  const folder = await trustedFolder(path.dirname(file));
  const place = path.join(folder, path.basename(file));
  // A pipe that nobody reads would block for ever.
  const handle = await open(place, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw new Error("it is no file");
    const fault = await faultOf(place, status, "file");
    if (fault !== undefined) throw fault;
    await handle.write(`${line}\n`);
  } finally {
    await handle.close();
  }
}

async function trustedFolder(folder: string): Promise<string> {
  return (await placeOf(folder)).path;
}
