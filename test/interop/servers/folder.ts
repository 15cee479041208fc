/** A fresh folder for the state of one server, which is removed when it is disposed of. */
import { chmod, rm } from "node:fs/promises";
import path from "node:path";
import { makePrivateFolder, temporaryFolder } from "@postseal/lab";

export interface Folder extends AsyncDisposable {
  readonly path: string;
  /** A path inside the folder. */
  at(...names: readonly string[]): string;
}

/** The prefix of all folders of this process and no others, so that leftovers can be attributed. */
export const prefix: string = path.join(temporaryFolder(), `postseal-interop-${process.pid}-`);

export async function createFolder(name: string): Promise<Folder> {
  const root = makePrivateFolder(`interop-${process.pid}-${name}`);
  // It is made private, but mail servers drop to several users, and all of them must be able to enter.
  await chmod(root, 0o755);
  return {
    path: root,
    at: (...names) => path.join(root, ...names),
    async [Symbol.asyncDispose]() {
      // A process that was killed a moment ago may still be closing its files.
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
    },
  };
}
