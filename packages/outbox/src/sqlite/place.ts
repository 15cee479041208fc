/** Whether the files that are open are still those with their names. A file that is not goes with the last process that has it. */
import { realpathSync, statSync } from "node:fs";
import path from "node:path";
import { OutboxError } from "../errors/outbox-error.ts";
import { IN_MEMORY } from "./location.ts";

export class Place {
  /** The database, by the name that was given and so perhaps by a link, and its log, which stays while anybody has it open. */
  readonly #files: readonly (readonly [path: string, identity: string])[];

  /** Right after the file was opened. */
  constructor(file: string) {
    // On Windows nobody can delete or rename a file that is open.
    const paths =
      file === IN_MEMORY || process.platform === "win32" ? [] : [path.resolve(file), `${realpathSync(file)}-wal`];
    this.#files = paths.flatMap((one) => {
      const identity = look(one);
      return identity === undefined ? [] : [[one, identity] as const];
    });
  }

  /** Throws `OutboxError` (`OUTBOX_STORE_UNREACHABLE`). */
  assertKept(): void {
    for (const [file, identity] of this.#files)
      if (look(file) !== identity)
        throw new OutboxError(
          "OUTBOX_STORE_UNREACHABLE",
          `${file} was deleted or replaced while it was open. Nothing was written by this call, since nobody would find it. Stop ` +
            "every process that uses the outbox, put the file in its place, and start them again.",
        );
  }
}

/** `undefined` if there is no file. */
function look(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}
