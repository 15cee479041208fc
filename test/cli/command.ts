/** Runs the real command in a process of its own against an impostor, and fails if it prints a secret. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import {
  type Authority,
  canaries,
  createAuthority,
  type Impostor,
  type Script,
  startImpostor,
  makePrivateFolder,
} from "@postseal/lab";
import { compiled } from "../compiled.ts";

export interface Ended {
  /** `null` if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Called while the process runs. */
  readonly meanwhile?: (interrupt: (signal: NodeJS.Signals) => void) => Promise<void>;
}

const CONDITION = "--conditions=@postseal/source";
const folder = path.dirname(fileURLToPath(import.meta.resolve("postseal/package.json")));
export const launcher: string = path.join(folder, "bin/postseal.js");
/**
 * The source if the tests run from source, the published launcher if they run compiled. `npm test` has just made a bundle of the source,
 * which starts in half the time, and names it.
 */
export const command: readonly string[] = process.execArgv.includes(CONDITION)
  ? [CONDITION, path.join(folder, process.env["POSTSEAL_BUNDLE"] ?? "src/main.ts")]
  : [launcher];

export async function postseal(argv: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = spawn(process.execPath, [...command, ...argv], { env: { ...compiled, ...options.environment } });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  child.stdin.end(options.stdin ?? "");
  const exit = once(child, "exit");
  await options.meanwhile?.((signal) => child.kill(signal));
  await exit;
  const [stdout, stderr] = await output;
  // This holds for every run of the command.
  for (const secret of [canaries.password, Buffer.from(canaries.password).toString("base64")]) {
    assert.ok(!`${stdout}${stderr}`.includes(secret), "the password was printed");
  }
  return { code: child.exitCode, stdout, stderr };
}

/** Files that a test hands to the command. */
export class Desk {
  readonly folder: string = makePrivateFolder("cli");

  file(name: string, content: string, mode = 0o600): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, content, { mode });
    return file;
  }

  /** Writes the user's configuration. Returns the environment in which the command finds it. */
  configuration(toml: string, mode = 0o600): Readonly<Record<string, string>> {
    mkdirSync(path.join(this.folder, "postseal"), { recursive: true });
    this.file("postseal/config.toml", toml, mode);
    return { XDG_CONFIG_HOME: this.folder };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The only authority of a test file. */
export const authority: Authority = await createAuthority();

export function serve(script: Script = {}, transport: "starttls" | "implicit" = "starttls"): Promise<Impostor> {
  return startImpostor({ transport, script }, { authority });
}

/** Options for the server, the authority and the login. */
export function to(
  impostor: Pick<Impostor, "port">,
  desk: Desk,
  password: string = canaries.password,
): readonly string[] {
  return [
    "--server",
    `submission://${canaries.username}@127.0.0.1:${impostor.port}`,
    "--ca-only",
    desk.file("ca.pem", authority.certificate),
    "--password-file",
    desk.file("password", `${password}\n`),
  ];
}

/** `[accounts.NAME]` for an impostor. By default its keys name the authority and a password file. */
export function account(name: string, { port }: Pick<Impostor, "port">, desk: Desk, keys?: string): string {
  desk.file("ca.pem", authority.certificate);
  desk.file("password", `${canaries.password}\n`);
  return `[accounts.${name}]
server = "submission://${canaries.username}@127.0.0.1:${port}"
${keys ?? 'ca-only = "../ca.pem"\npassword-file = "../password"'}
`;
}

/** A message to one recipient. */
export const message: readonly string[] = [
  "--from",
  canaries.sender,
  "--to",
  canaries.recipient,
  "--subject",
  "Dusk",
  "--text",
  canaries.body,
];
