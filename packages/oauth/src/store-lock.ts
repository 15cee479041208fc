/**
 * One lock for all processes of a machine, even in containers that share only the folder.
 *
 * Node has no lock that ends with its process. So the holder shows that it lives, by a heartbeat; a process that waits judges it by its own
 * clock, never by a process id, which means nothing in another container. Each turn is a file with a number, and the highest number
 * holds the lock. To take over from a dead holder is to make the next number, which only one can do; and a holder that was only
 * stopped sees that there is a higher one.
 */
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { OAuthError } from "./oauth-error.ts";

export interface Lock {
  /** Whether nobody has taken over. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

export interface Patience {
  /** Milliseconds between two heartbeats. */
  readonly beat: number;
  /** Milliseconds without one after which the holder counts as dead. */
  readonly silence: number;
  /** Milliseconds to wait in all. */
  readonly longest: number;
}

/** A login has 30 s for its token: this wait and the issuer's 10 s have to fit. On a busy machine a live process may be silent for seconds. */
const PATIENCE: Patience = { beat: 500, silence: 10_000, longest: 18_000 };
/** Milliseconds between two looks: few at first, since most renewals are short. */
const [SHORTEST_STEP, LONGEST_STEP] = [5, 100] as const;
const RELEASED = "released";
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/** `folder`: of the lock alone. Throws `OAuthError`: `MAIL_AUTH_DEFERRED` if another process holds it for too long. */
export async function lock(folder: string, patience: Patience = PATIENCE): Promise<Lock> {
  try {
    return await waitForTurn(folder, patience);
  } catch (error) {
    if (error instanceof OAuthError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "no code";
    const what = `The lock of the sign-in, ${folder}, cannot be written (${code}).`;
    throw new OAuthError("MAIL_AUTH_CREDENTIALS", what, { cause: error });
  }
}

async function waitForTurn(folder: string, patience: Patience): Promise<Lock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const began = performance.now();
  let step: number = SHORTEST_STEP;
  let seen: { readonly state: string; readonly since: number } | undefined;
  for (;;) {
    const turn = await lastTurn(folder);
    const now = performance.now();
    const state = turn === 0 ? RELEASED : await stateOf(folder, turn);
    if (seen?.state !== state) seen = { state, since: now };
    // defence: dead-holder-is-followed
    if (state.endsWith(RELEASED) || now - seen.since >= patience.silence) {
      const handle = await take(folder, turn + 1);
      if (handle !== undefined) return held(folder, turn + 1, handle, patience);
    }
    if (now - began >= patience.longest)
      throw new OAuthError(
        "MAIL_AUTH_DEFERRED",
        `Another process has been renewing the sign-in for ${patience.longest / 1000} s (${folder}). Try again later.`,
      );
    await wait(step);
    step = Math.min(2 * step, LONGEST_STEP);
  }
}

/** The highest number; 0 if nobody ever held the lock. */
async function lastTurn(folder: string): Promise<number> {
  return (await readdir(folder)).reduce(
    (last, name) => (/^\d{1,15}$/.test(name) ? Math.max(last, Number(name)) : last),
    0,
  );
}

/** Changes as long as the holder lives. */
async function stateOf(folder: string, turn: number): Promise<string> {
  try {
    const handle = await open(path.join(folder, String(turn)), constants.O_RDONLY | O_NOFOLLOW);
    try {
      return `${turn} ${(await handle.readFile("utf8")).slice(0, 100)}`;
    } finally {
      await handle.close();
    }
  } catch {
    // The next holder has swept it: look again.
    return `${turn} gone`;
  }
}

/** `undefined` if somebody else was faster. */
async function take(folder: string, turn: number): Promise<FileHandle | undefined> {
  const file = path.join(folder, String(turn));
  const handle = await open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  // The number may have been free only because its turn is long over, and its file swept.
  if ((await lastTurn(folder)) === turn) return handle;
  await handle.close();
  await rm(file, { force: true });
  return undefined;
}

async function held(folder: string, turn: number, handle: FileHandle, { beat }: Patience): Promise<Lock> {
  try {
    await handle.write("0".padEnd(20), 0);
  } catch (error) {
    // On a full disk nobody would hear the heartbeat.
    await handle.close();
    await rm(path.join(folder, String(turn)), { force: true });
    throw error;
  }
  for (const name of await readdir(folder))
    if (/^\d{1,15}$/.test(name) && Number(name) < turn) await rm(path.join(folder, name), { force: true });
  let beats = 0;
  let writing: Promise<unknown> = Promise.resolve();
  const write = (text: string): Promise<unknown> => {
    writing = writing.then(() => handle.write(text.padEnd(20), 0)).catch(() => undefined);
    return writing;
  };
  const timer = setInterval(() => void write(String((beats += 1))), beat);
  return {
    isHeld: async () => (await lastTurn(folder)) === turn,
    release: async () => {
      clearInterval(timer);
      await write(RELEASED.padStart(20));
      await handle.close();
    },
  };
}
