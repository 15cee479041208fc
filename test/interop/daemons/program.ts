/** The programs that stand in for sendmail, each set up as its guide has it: one sender, and an alias for root. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { password, user } from "../client.ts";
import type { Folder } from "../servers/folder.ts";
import type { Authority } from "../servers/pki.ts";
import { startPostfixSendmail } from "../servers/postfix-sendmail.ts";
import type { Input } from "./input.ts";

export interface Program {
  readonly name: string;
  /** What it says in EHLO, which shows in the delivered message. */
  readonly greets: string;
  /** Returns the exit code. */
  run(input: Input): Promise<number>;
  /** Resolves once all is delivered that ever will be. */
  settled(): Promise<void>;
}

export interface Target {
  readonly port: number;
  readonly authority: Authority;
}

const main = path.join(path.dirname(fileURLToPath(import.meta.resolve("postseal/package.json"))), "src/main.ts");

export async function postseal(folder: Folder, { port, authority }: Target): Promise<Program> {
  await mkdir(folder.at("postseal"));
  await writeFile(folder.at("postseal/password"), `${password}\n`, { mode: 0o600 });
  await writeFile(
    folder.at("postseal/config.toml"),
    `domain = "example.test"
[aliases]
root = "bob@example.test"
[accounts.server]
server = "submission://${encodeURIComponent(user)}@127.0.0.1:${port}"
from = ["${user}"]
sender = "always"
ca-only = "${authority.caFile}"
password-file = "password"
log = "../postseal.log"
`,
    { mode: 0o600 },
  );
  const command = [process.execPath, "--conditions=@postseal/source", main, "sendmail"];
  // Starting it a hundred times is most of the work.
  const environment = { XDG_CONFIG_HOME: folder.path, NODE_COMPILE_CACHE: folder.at("cache") };
  return {
    name: "postseal",
    greets: "[127.0.0.1]",
    run: (input) => run(command, input, environment),
    settled: async () => {},
  };
}

export async function msmtp(folder: Folder, { port, authority }: Target): Promise<Program> {
  const greets = "msmtp.example.test";
  await writeFile(folder.at("aliases"), "root: bob@example.test\ndefault: bob@example.test\n");
  await writeFile(
    folder.at("msmtprc"),
    `account default
host 127.0.0.1
port ${port}
domain ${greets}
tls on
tls_starttls on
tls_trust_file ${authority.caFile}
auth plain
user ${user}
password ${password}
from ${user}
allow_from_override off
set_from_header on
aliases ${folder.at("aliases")}
logfile ${folder.at("msmtp.log")}
`,
    { mode: 0o600 },
  );
  const command = ["/usr/bin/msmtp", "-C", folder.at("msmtprc")];
  return { name: "msmtp", greets, run: (input) => run(command, input), settled: async () => {} };
}

export async function postfix(stack: AsyncDisposableStack, { port, authority }: Target): Promise<Program> {
  const greets = "postfix.example.test";
  const server = stack.use(await startPostfixSendmail(port, authority, greets));
  return {
    name: "Postfix",
    greets,
    run: (input) => run(server.command, input),
    settled: () => server.emptied(),
  };
}

async function run(
  [program = "", ...words]: readonly string[],
  { argv, text: message }: Input,
  more = {},
): Promise<number> {
  const child = spawn(program, [...words, ...argv], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8", USER: "root", ...more },
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  // A program that refuses its words need not read the message.
  child.stdin.on("error", () => {});
  child.stdin.end(Buffer.from(message, "latin1"));
  const [code] = await once(child, "exit");
  await output;
  return typeof code === "number" ? code : -1;
}
