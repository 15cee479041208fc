/** A folder outside the checkout in which the blocks of a page run as a reader's files would, with the packages installed. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makePrivateFolder } from "@postseal/lab";
import { compiled } from "../compiled.ts";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const conditions = process.execArgv.filter((flag) => flag.startsWith("--conditions"));

export class ProgramFolder {
  readonly path: string = makePrivateFolder("docs");
  /** For temporary files, which the programs have to remove themselves. */
  readonly #temporary = path.join(this.path, "tmp");

  constructor() {
    mkdirSync(this.#temporary);
    symlinkSync(path.resolve("node_modules"), path.join(this.path, "node_modules"));
    this.write("package.json", JSON.stringify({ type: "module" }));
  }

  write(name: string, content: string): string {
    const file = path.join(this.path, name);
    writeFileSync(file, content);
    return file;
  }

  /** Runs Node. A failure is an exit code, not an exception. */
  node(words: readonly string[]): Promise<Ended> {
    return this.run(process.execPath, ["--disable-warning=ExperimentalWarning", ...conditions, ...words]);
  }

  run(program: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    // The environment is a new one: a test runner that inherited ours would report to the outer test runner.
    const env = {
      ...compiled,
      PATH: process.execPath.replace(/\/[^/]*$/, ""),
      TMPDIR: this.#temporary,
      ...environment,
    };
    return new Promise((resolve) => {
      execFile(program, words, { cwd: this.path, env }, (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : 0;
        resolve({ code: error === null ? 0 : code || 1, stdout, stderr });
      });
    });
  }

  [Symbol.dispose](): void {
    const left = readdirSync(this.#temporary);
    rmSync(this.path, { recursive: true });
    assert.deepEqual(left, [], "a program left temporary files");
  }
}

/** The blocks of one language on a page of the checkout, in order. */
export function blocksIn(page: string, language: string): readonly string[] {
  const text = readFileSync(page, "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, code = ""]) => code);
}
