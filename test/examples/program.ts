/** Runs an example as its reader would: a process of its own, with arguments, a password file, and an authority that the environment adds. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type Authority, canaries, createAuthority, makePrivateFolder } from "@postseal/lab";

export interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** One authority for a whole test file. */
export const authority: Authority = await createAuthority();

/** The files that the examples are given, in a folder that goes away. */
export class Desk {
  readonly #folder: string = makePrivateFolder("examples");
  readonly authorityFile: string = this.file("authority.pem", authority.certificate);
  readonly passwordFile: string = this.file("password.txt", `${canaries.password}\n`);

  file(name: string, content: string): string {
    const file = path.join(this.#folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  /** `conditions`: the sources where the tests run from sources, and what is built where they do not. */
  async run(example: string, argv: readonly string[]): Promise<Ended> {
    const conditions = process.execArgv.filter((argument) => argument.startsWith("--conditions="));
    const program = fileURLToPath(new URL(`../../examples/${example}`, import.meta.url));
    const child = spawn(process.execPath, [...conditions, program, ...argv], {
      env: { NODE_EXTRA_CA_CERTS: this.authorityFile },
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
