/** What `serve` and `proxy` share: an authority in a file, for the client to trust, and a wait for Ctrl-C. */
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Authority, createAuthority, LabError, makePrivateFolder } from "@postseal/lab";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { interruptible } from "../interruption.ts";

/** Loopback only: other machines have no business here. */
export const ADDRESS = "127.0.0.1";

export interface Stand {
  readonly authority: Authority;
  /** In PEM; removed at the end. */
  readonly authorityFile: string;
  readonly signal: AbortSignal;
}

/** Opens the server, and resolves once Ctrl-C has closed it. */
export async function stand(open: (stand: Stand) => Promise<AsyncDisposable>): Promise<void> {
  const { signal, release } = interruptible();
  const folder = makePrivateFolder("lab");
  try {
    const authority = await createAuthority({ address: ADDRESS });
    const authorityFile = path.join(folder, "authority.pem");
    await writeFile(authorityFile, authority.certificate);
    await using _opened = await opened(() => open({ authority, authorityFile, signal }));
    if (!signal.aborted) await once(signal, "abort");
  } finally {
    release();
    await rm(folder, { recursive: true, force: true });
  }
}

async function opened(open: () => Promise<AsyncDisposable>): Promise<AsyncDisposable> {
  try {
    return await open();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "EADDRINUSE" || code === "EACCES") {
      const reason = code === "EACCES" ? "only root can use it" : "another program uses it";
      throw new LabError(
        "LAB_LISTEN",
        `the port is not available: ${reason}. Choose another one with --port or --listen`,
        {
          cause: error,
        },
      );
    }
    throw error;
  }
}

/** Throws `CommandError` (`CLI_USAGE`). */
export function portOf<Name extends "port" | "listen">(given: Arguments<Name>, name: Name): number | undefined {
  const word = given.one(name);
  if (word === undefined) return undefined;
  const port = /^\d{1,5}$/.test(word) ? Number(word) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new CommandError("CLI_USAGE", `--${name} must be a port number, from 1 to 65535`);
}
