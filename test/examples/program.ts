/** Runs an example as its reader would, in a process of its own; the environment adds the server's authority. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type Authority, canaries, createAuthority, makePrivateFolder } from "@postseal/lab";
import { compiled } from "../compiled.ts";

export interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** The only authority of a test file. */
export const authority: Authority = await createAuthority();

/** Files for the examples, in a folder that is removed at the end. */
export class Desk {
  readonly #folder: string = makePrivateFolder("examples");
  readonly authorityFile: string = this.file("authority.pem", authority.certificate);
  readonly passwordFile: string = this.file("password.txt", `${canaries.password}\n`);

  file(name: string, content: string): string {
    const file = path.join(this.#folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  /** Runs the example from source if the tests run from source, and from what is built otherwise. */
  async run(example: string, argv: readonly string[]): Promise<Ended> {
    const conditions = process.execArgv.filter((argument) => argument.startsWith("--conditions="));
    const program = fileURLToPath(new URL(`../../examples/${example}`, import.meta.url));
    const child = spawn(process.execPath, [...conditions, program, ...argv], {
      env: { ...compiled, NODE_EXTRA_CA_CERTS: this.authorityFile },
    });
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const exit: unknown[] = await once(child, "exit");
    const [stdout, stderr] = await output;
    return { code: exit[0], stdout, stderr };
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}
