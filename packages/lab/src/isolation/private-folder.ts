/** Makes a folder that no other user of the machine can enter or replace. */
import { lstatSync, mkdtempSync, readFileSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { LabError } from "./lab-error.ts";

const OTHERS_WRITE = 0o022;
/** In a sticky folder such as /tmp, only the owner of an entry, the folder's owner and root can remove or rename it. */
const STICKY = 0o1000;

/** Returns its path; the caller removes it. Throws `LabError` (`LAB_FOLDER`). */
export function makePrivateFolder(purpose: string): string {
  // Node makes it with mode 0700, under an unpredictable name.
  return mkdtempSync(path.join(temporaryFolder(), `postseal-${purpose}-`));
}

/** The folder for temporary files, without links. Throws `LabError` (`LAB_FOLDER`). */
export function temporaryFolder(): string {
  const folder = realPathOf(tmpdir());
  // From the root down: after a folder is found safe, nobody else can replace what is below it.
  if (process.platform !== "win32") for (const one of chainOf(folder)) judge(one);
  return folder;
}

function realPathOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (cause) {
    throw new LabError("LAB_FOLDER", `there is no folder ${folder} for temporary files. ${REMEDY}`, { cause });
  }
}

function chainOf(folder: string): readonly string[] {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [...chainOf(above), folder];
}

function judge(folder: string): void {
  const { mode, uid } = lstatSync(folder);
  // defence: folder-is-nobody-elses
  const isForeign = uid !== 0 && uid !== process.geteuid?.() && !mayBeRoot(uid);
  // defence: folder-is-closed-to-others
  const isOpen = (mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0;
  if (!isForeign && !isOpen) return;
  const what = isForeign ? "belongs to another user" : "can be written by other users";
  throw new LabError("LAB_FOLDER", `${folder} ${what}, who could replace temporary files there. ${REMEDY}`);
}

/** In a user namespace that does not map the machine's root, root looks like any other unmapped user. */
function mayBeRoot(uid: number): boolean {
  if (process.platform !== "linux") return false;
  const ranges = userMap()
    .trim()
    .split("\n")
    .map((range) => range.trim().split(/ +/).map(Number));
  return ranges.every(([first = 0, outside = 0, count = 0]) => outside !== 0 && (uid < first || uid >= first + count));
}

/** Without /proc, the machine's own map, by which no other user counts as root. */
function userMap(): string {
  try {
    return readFileSync("/proc/self/uid_map", "utf8");
  } catch {
    return "0 0 4294967295";
  }
}

const REMEDY = "Set TMPDIR to a folder of your own";
