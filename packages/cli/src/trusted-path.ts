/**
 * Finds what a path leads to, and whether another user of the machine could make it lead somewhere else: as StrictModes of
 * ssh does, for each folder and link on the way.
 */
import type { Stats } from "node:fs";
import { lstat, readFile, readlink, stat } from "node:fs/promises";
import path from "node:path";

export interface Place {
  /** Without links. */
  readonly path: string;
  readonly status: Stats;
  /** What this process was started with (`/dev/stdin`, `<(…)`): it was opened by whoever started it, and has no name to judge. */
  readonly isDescriptor: boolean;
}

/** Another user could change what is there. */
export class UntrustedPathError extends Error {
  /** Follows the name of the file, without a full stop. */
  readonly what: string;
  readonly remedy: string;

  constructor(what: string, remedy: string) {
    super(`${what}. ${remedy}`);
    this.what = what;
    this.remedy = remedy;
  }
}

/** As many as Linux follows. */
const MOST_LINKS = 40;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
/** In a sticky folder, as /tmp is, an entry can be taken away by its owner, the folder's owner and root alone. */
const STICKY = 0o1000;
/** Its members may become root, and Homebrew lets them write what they share. */
const ADMINISTRATORS_OF_MACOS = 80;

/**
 * Throws `UntrustedPathError`, or what the system says (`ENOENT`). It goes down from the root, so that nobody else can
 * exchange what was found sound: everything above it was found sound before.
 */
export async function placeOf(file: string): Promise<Place> {
  const names = (path.isAbsolute(file) ? file : `${process.cwd()}/${file}`).split("/");
  let [place, links] = ["/", 0];
  let fault = await faultOf(place, await lstat(place), "folder");
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const next = path.join(place, name);
    if (isDescriptorFolder(place) && name !== "") return { path: next, status: await stat(next), isDescriptor: true };
    const status = await lstat(next);
    if (status.isSymbolicLink()) {
      links += 1;
      if (links > MOST_LINKS) throw new UntrustedPathError("there are too many links to it", "Name the file itself");
      // defence: links-are-judged
      fault ??= await faultOf(next, status, "link");
      const target = await readlink(next);
      if (path.isAbsolute(target)) place = "/";
      names.unshift(...target.split("/"));
    } else if (status.isDirectory() || names.some((one) => one !== "")) {
      // defence: folders-are-judged
      fault ??= await faultOf(next, status, "folder");
      place = next;
    } else {
      // defence: file-is-judged
      fault ??= await faultOf(next, status, "file");
      // Not before: where there is no file, nothing is believed, and another one may be looked for.
      if (fault !== undefined) throw fault;
      return { path: next, status, isDescriptor: false };
    }
  }
  if (fault !== undefined) throw fault;
  return { path: place, status: await lstat(place), isDescriptor: false };
}

/** `undefined` if only this user and root can change it. */
export async function faultOf(
  place: string,
  status: Stats,
  kind: "file" | "folder" | "link",
): Promise<UntrustedPathError | undefined> {
  const subject = { file: "it", folder: `its folder ${place}`, link: `the link ${place}` }[kind];
  // defence: nothing-of-another-users
  if (await isForeign(status.uid)) {
    return new UntrustedPathError(
      `${subject} belongs to another user`,
      "Keep it where only you and root can change it",
    );
  }
  // A link has no permissions, and those of a device are the system's.
  if (kind === "link" || status.isCharacterDevice() || (kind === "folder" && (status.mode & STICKY) !== 0))
    return undefined;
  const isOpen =
    (status.mode & OTHERS_WRITE) !== 0 || ((status.mode & GROUP_WRITES) !== 0 && !isAdministrators(status.gid));
  return isOpen ? new UntrustedPathError(`others can write ${subject}`, `chmod go-w ${place}`) : undefined;
}

function isAdministrators(gid: number): boolean {
  return process.platform === "darwin" && gid === ADMINISTRATORS_OF_MACOS;
}

async function isForeign(uid: number): Promise<boolean> {
  return uid !== 0 && uid !== process.geteuid?.() && !(await mayBeRoot(uid));
}

/** In a user namespace that does not know root of the machine, root is shown as every other stranger is. */
async function mayBeRoot(uid: number): Promise<boolean> {
  const map = await readFile("/proc/self/uid_map", "utf8").catch(() => "0 0 4294967295");
  const ranges = map
    .trim()
    .split("\n")
    .map((range) => range.trim().split(/ +/).map(Number));
  return ranges.every(([first = 0, outside = 0, count = 0]) => outside !== 0 && (uid < first || uid >= first + count));
}

function isDescriptorFolder(place: string): boolean {
  return place === "/dev/fd" || place === `/proc/${process.pid}/fd`;
}
