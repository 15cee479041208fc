/**
 * Resolves a path, and finds out whether another user of the machine could make it lead elsewhere. Each folder and link on
 * the way is checked, as StrictModes of ssh does.
 */
import type { Stats } from "node:fs";
import { lstat, readFile, readlink, stat } from "node:fs/promises";
import path from "node:path";

export interface Place {
  /** With all links resolved. */
  readonly path: string;
  readonly status: Stats;
  /** `/dev/stdin` or `<(…)`: opened before this process was started, so there is no path to judge. */
  readonly isDescriptor: boolean;
}

/** Another user could change what is there. */
export class UntrustedPathError extends Error {
  /** Worded to follow the name of the file, without a full stop. */
  readonly what: string;
  readonly remedy: string;

  constructor(what: string, remedy: string) {
    super(`${what}. ${remedy}`);
    this.what = what;
    this.remedy = remedy;
  }
}

/** The limit of Linux. */
const MOST_LINKS = 40;
const GROUP_WRITES = 0o020;
const OTHERS_WRITE = 0o002;
/** In a sticky folder such as /tmp, only its owner, the folder's owner and root can remove an entry. */
const STICKY = 0o1000;
/** Its members may become root, and Homebrew's files are writable by this group. */
const ADMINISTRATORS_OF_MACOS = 80;

/**
 * Throws `UntrustedPathError`, or the system's error (`ENOENT`). It walks down from the root, so nobody else can exchange
 * what was judged: everything above it was judged before.
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
      // Not earlier: if there is no file, nothing is trusted, and the caller may look for another one.
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
  // A link has no permissions of its own, and the system sets those of a device.
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

/** In a user namespace that does not map root of the machine, root looks like any other unknown user. */
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
