/** Opens files that only this user and root can change, and makes sure that the file that was judged is the file that is read. */
import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { faultOf, type Place, placeOf, UntrustedPathError } from "./trusted-path.ts";

/** Windows has other permissions, which Node does not show. */
const hasModes: boolean = process.platform !== "win32";
const OTHERS_ACCESS = 0o077;
/** Where containers and systemd put secrets, with modes that the user cannot choose. */
const SECRETS = /^\/run\/(?:secrets|credentials)\//;

export class TrustedFile implements AsyncDisposable {
  readonly #handle: FileHandle;
  readonly #place: Place;

  constructor(handle: FileHandle, place: Place) {
    this.#handle = handle;
    this.#place = place;
  }

  get size(): number {
    return this.#place.status.size;
  }

  get exposure(): Exposure | undefined {
    return exposureOf(this.#place);
  }

  octets(): Promise<Buffer> {
    return this.#handle.readFile();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

/** Other users can read the file. */
export interface Exposure {
  /** This user can change its mode. */
  readonly isOwn: boolean;
}

/** Throws `UntrustedPathError`, or what the system says (`ENOENT`). */
export async function openTrustedFile(file: string): Promise<TrustedFile> {
  if (!hasModes) {
    const handle = await open(file);
    return new TrustedFile(handle, { path: file, status: await handle.stat(), isDescriptor: false });
  }
  return openPlace(await placeOf(file));
}

/** Throws if another file is there by now. */
export async function openPlace(place: Place): Promise<TrustedFile> {
  const handle = await open(
    place.path,
    place.isDescriptor ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NOFOLLOW,
  );
  try {
    const status = await handle.stat();
    const fault = place.isDescriptor ? undefined : await faultOfOpened(place, status);
    // defence: opened-file-is-judged
    if (fault !== undefined) throw fault;
    return new TrustedFile(handle, { ...place, status });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Does not open the file, since that would empty a pipe that is read later. Throws as `openTrustedFile` does. */
export async function exposureOfTrusted(file: string): Promise<Exposure | undefined> {
  if (hasModes) return exposureOf(await placeOf(file));
  await using opened = await openTrustedFile(file);
  return opened.exposure;
}

async function faultOfOpened(place: Place, status: Stats): Promise<UntrustedPathError | undefined> {
  // defence: opened-is-what-was-judged
  if (status.dev !== place.status.dev || status.ino !== place.status.ino)
    return new UntrustedPathError("it was replaced while it was being opened", "Find out what writes to its folder");
  return faultOf(place.path, status, "file");
}

/** Only for files: the permissions of a pipe mean nothing. */
export function exposureOf({ path, status }: Place): Exposure | undefined {
  if (!hasModes || !status.isFile() || (status.mode & OTHERS_ACCESS) === 0) return undefined;
  if (status.uid === 0 && SECRETS.test(path)) return undefined;
  return { isOwn: [0, status.uid].includes(process.geteuid?.() ?? -1) };
}
