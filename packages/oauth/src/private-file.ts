/** Reads and replaces a file that only this user may see, so that a crash at any moment leaves the old one or the new one. */
import { randomBytes } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { OAuthError } from "./oauth-error.ts";

const LARGEST = 64 * 1024;
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
/** Written before the issuer is asked: a full disk shows while the old token is still good. */
const ROOM = 20 * 1024;
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_WRONLY, O_CREAT, O_EXCL, O_DIRECTORY } = constants;
const READ = O_RDONLY | O_NONBLOCK;

/** The text, or `undefined` if there is no such file. Throws `OAuthError` for a file that others can read, own or could have made. */
export async function readPrivate(file: string): Promise<string | undefined> {
  let handle: FileHandle;
  try {
    // A link would lead elsewhere, and a pipe would block for ever.
    // defence: no-link-to-tokens
    handle = await open(file, READ | O_NOFOLLOW);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw unusable(file, codeOf(error) === "ELOOP" ? "is a link" : `cannot be read (${codeOf(error)})`, error);
  }
  try {
    const fault = faultOf(await handle.stat());
    // defence: token-file-is-judged
    if (fault !== undefined) throw unusable(file, fault);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}

/** A file that is about to replace another one. */
export interface Replacement {
  /** Everything is on the disk before this resolves. */
  commit(text: string): Promise<void>;
  /** Leaves the old file as it is. */
  discard(): Promise<void>;
}

/** Makes the folder if there is none, and the new file in it with room for what will be written. Throws `OAuthError`. */
export async function beginReplacement(file: string): Promise<Replacement> {
  const folder = path.dirname(file);
  const draft = `${file}.${randomBytes(8).toString("hex")}${DRAFT}`;
  let handle: FileHandle | undefined;
  try {
    await assertPrivateFolder(folder);
    handle = await open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    await writeWhole(handle, Buffer.alloc(ROOM, " "));
  } catch (error) {
    await handle?.close();
    await rm(draft, { force: true });
    throw error instanceof OAuthError ? error : unusable(file, `cannot be written (${codeOf(error)})`, error);
  }
  const opened = handle;
  return {
    commit: async (text) => {
      try {
        const octets = Buffer.from(text);
        await opened.truncate(octets.length);
        await writeWhole(opened, octets);
        await opened.sync();
        await opened.close();
        await rename(draft, file);
        await syncFolder(folder);
      } catch (error) {
        throw unusable(file, `could not be written (${codeOf(error)}), and its new tokens are lost`, error);
      }
    },
    discard: async () => {
      await opened.close();
      await rm(draft, { force: true });
    },
  };
}

const DRAFT = ".new";

/** From the beginning. One call may write less than it was given, without an error: on a disk that is nearly full, for example. */
async function writeWhole(handle: FileHandle, octets: Buffer): Promise<void> {
  // defence: written-whole
  for (let at = 0; at < octets.length;) at += (await handle.write(octets, at, octets.length - at, at)).bytesWritten;
}

/** Drafts that a crash left over hold tokens. Call it only while no other process writes. */
export async function sweepDrafts(file: string): Promise<void> {
  const [folder, name] = [path.dirname(file), path.basename(file)];
  for (const entry of await readdir(folder))
    // defence: drafts-are-swept
    if (entry.startsWith(`${name}.`) && entry.endsWith(DRAFT)) await rm(path.join(folder, entry), { force: true });
}

export async function removePrivate(file: string): Promise<void> {
  await rm(file, { force: true });
  await syncFolder(path.dirname(file));
}

/** Made with mode 0700 if it is missing. Others could replace what is in a folder that they can write. */
export async function assertPrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!hasModes) return;
  const handle = await open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    const status = await handle.stat();
    const fault = isForeign(status)
      ? "belongs to another user"
      : (status.mode & OTHERS_WRITE) !== 0
        ? `can be written by other users: chmod 700 ${folder}`
        : undefined;
    // defence: token-folder-is-judged
    if (fault !== undefined)
      throw new OAuthError("MAIL_AUTH_CREDENTIALS", `The folder for tokens, ${folder}, ${fault}.`);
  } finally {
    await handle.close();
  }
}

/** Windows has other permissions, which Node does not show. */
const hasModes: boolean = process.platform !== "win32";

function faultOf(status: Stats): string | undefined {
  if (!status.isFile()) return "is no file";
  if (isForeign(status)) return "belongs to another user";
  if (hasModes && (status.mode & OTHERS) !== 0)
    return "can be read by other users, so its tokens may be known to them: sign out, and sign in again";
  if (status.nlink > 1) return "has a second name, so others may have it too";
  return status.size > LARGEST ? "has more than 64 KiB" : undefined;
}

function isForeign({ uid }: Stats): boolean {
  return hasModes && uid !== process.geteuid?.();
}

async function syncFolder(folder: string): Promise<void> {
  if (!hasModes) return;
  const handle = await open(folder, O_RDONLY | O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function unusable(file: string, what: string, cause?: unknown): OAuthError {
  return new OAuthError("MAIL_AUTH_CREDENTIALS", `The file of the sign-in, ${file}, ${what}.`, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "no code";
}
