/** Removes a folder that a client may have written in: read-only folders too, and while something still writes. */
import { chmod, lstat, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** How often, and how many milliseconds apart: what still writes there is about to end. */
const ATTEMPTS = 5;
const PAUSE = 50;

/** Never throws. False if something is left, such as a mount. */
export async function clear(folder: string): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await delay(PAUSE);
    if (attempt === 1) await open(folder);
    if (await isRemoved(folder)) return true;
  }
  return false;
}

async function isRemoved(folder: string): Promise<boolean> {
  try {
    await rm(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

/** Gives this user all rights to the folders, as far as possible. Links are not followed. */
async function open(folder: string): Promise<void> {
  try {
    if (!(await lstat(folder)).isDirectory()) return;
    await chmod(folder, 0o700);
    for (const name of await readdir(folder)) await open(path.join(folder, name));
  } catch {
    // The removal shows what this left.
  }
}
