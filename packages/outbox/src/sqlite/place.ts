/** Whether the file that is open is still the one with its name. A file that is not goes with the last process that has it. */
import { statSync } from "node:fs";
import path from "node:path";
import { OutboxError } from "../errors/outbox-error.ts";
import { IN_MEMORY } from "./location.ts";

export class Place {
  readonly #path: string;
  readonly #identity: string | undefined;

  /** Right after the file was opened. */
  constructor(file: string) {
    // The program may change its working directory.
    this.#path = file === IN_MEMORY ? file : path.resolve(file);
    this.#identity = this.#look();
  }

  /** Throws `OutboxError` (`OUTBOX_STORE_UNREACHABLE`). */
  assertKept(): void {
    if (this.#look() === this.#identity) return;
    throw new OutboxError(
      "OUTBOX_STORE_UNREACHABLE",
      `${this.#path} was deleted or replaced while it was open. Nothing was written by this call, since nobody would find it. Stop ` +
        "every process that uses the outbox, put the file in its place, and start them again.",
    );
  }

  /** `undefined` if there is no file. */
  #look(): string | undefined {
    // On Windows nobody can delete or rename a file that is open.
    if (this.#path === IN_MEMORY || process.platform === "win32") return undefined;
    const found = statSync(this.#path, { throwIfNoEntry: false });
    return found === undefined ? undefined : `${found.dev} ${found.ino}`;
  }
}
