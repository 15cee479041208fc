/** A copy of the tree, in which the sources are changed for one trial at a time. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { linkModules } from "../linked-modules.ts";

const root = path.resolve(import.meta.dirname, "../..");

export class Tree {
  readonly path: string;
  /** The only place for temporary files and compiled code. */
  readonly variables: readonly string[];
  readonly #temporary: string;

  constructor(folder: string) {
    this.path = path.join(folder, "tree");
    this.#temporary = path.join(folder, "tmp");
    for (const entry of ["packages", "test", "docs", "package.json"]) {
      cpSync(path.join(root, entry), path.join(this.path, entry), {
        recursive: true,
        // With what is compiled: some tests read it.
        filter: (from) => !/[\\/]node_modules$/.test(from),
      });
    }
    linkModules(root, this.path);
    mkdirSync(this.#temporary);
    // Modules that no removal changes are compiled once.
    this.variables = [`TMPDIR=${this.#temporary}`, `NODE_COMPILE_CACHE=${path.join(folder, "cache")}`];
  }

  /** Changes files, and changes them back when the action is over, whatever came of it. Temporary files go too. */
  async with<T>(changed: ReadonlyMap<string, string>, action: () => Promise<T>): Promise<T> {
    const originals = [...changed.keys()].map((file) => [file, readFileSync(this.#at(file))] as const);
    try {
      for (const [file, text] of changed) writeFileSync(this.#at(file), text);
      return await action();
    } finally {
      for (const [file, octets] of originals) writeFileSync(this.#at(file), octets);
      for (const entry of readdirSync(this.#temporary))
        rmSync(path.join(this.#temporary, entry), { recursive: true, force: true, maxRetries: 9 });
    }
  }

  #at(file: string): string {
    return path.join(this.path, file);
  }
}
