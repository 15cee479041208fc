/** Tokens in a file that only this user can read, for all processes of the machine. */
import path from "node:path";
import { InputError } from "@postseal/mailer";
import { OAuthError } from "./oauth-error.ts";
import { assertPrivateFolder, beginReplacement, readPrivate, removePrivate, sweepDrafts } from "./private-file.ts";
import { type Lock, lock } from "./store-lock.ts";
import type { StoredTokens, TokenStore } from "./tokens.ts";
import { formatTokens, parseTokens } from "./tokens-json.ts";

/**
 * `file`: in a folder for tokens alone, which is made if it is missing. Beside it is a folder `….lock`. A copy of the file is a copy of
 * the sign-in. Throws `InputError`.
 */
export function fileStore(file: string): TokenStore {
  if (typeof file !== "string" || file === "" || file.includes("\0"))
    throw new InputError("MAIL_INPUT_OPTION", "file", "is the path of a file");
  const place = path.resolve(file);
  const locked = async <T>(act: (held: Lock) => Promise<T>): Promise<T> => {
    await assertPrivateFolder(path.dirname(place));
    const held = await lock(lockOf(place));
    try {
      await sweepDrafts(place);
      return await act(held);
    } finally {
      await held.release();
    }
  };
  return {
    read: () => readTokens(place),
    update: (change) => locked((held) => updateFile(place, change, held)),
    remove: () => locked(() => removePrivate(place)),
  };
}

/** The folder that locks this file. */
function lockOf(file: string): string {
  return `${file}.lock`;
}

async function readTokens(file: string): Promise<StoredTokens | undefined> {
  const text = await readPrivate(file);
  if (text === undefined) return undefined;
  const tokens = parseTokens(text);
  if (tokens !== undefined) return tokens;
  throw new OAuthError(
    "MAIL_AUTH_SIGN_IN",
    `The file of the sign-in, ${file}, is not one that was written here. Sign in again.`,
  );
}

async function updateFile(
  file: string,
  change: (now: StoredTokens | undefined) => Promise<StoredTokens>,
  held: Lock,
): Promise<StoredTokens> {
  const before = await readPrivate(file);
  // A new sign-in replaces what cannot be read.
  const now = before === undefined ? undefined : parseTokens(before);
  const replacement = await beginReplacement(file);
  let next: StoredTokens;
  try {
    next = await change(now);
    if (next === now) {
      await replacement.discard();
      return next;
    }
    // This process was stopped for so long that another one took over: what that has written is newer.
    // defence: taken-over-writes-nothing
    if (!(await held.isHeld())) {
      const theirs = await readPrivate(file);
      const tokens = theirs === undefined || theirs === before ? undefined : parseTokens(theirs);
      if (tokens !== undefined && tokens.ended === undefined) {
        await replacement.discard();
        return tokens;
      }
    }
  } catch (error) {
    await replacement.discard();
    throw error;
  }
  await replacement.commit(formatTokens(next));
  return next;
}
