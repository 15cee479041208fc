/** A disk that is full: nothing half-written stays, and a result that was lost is no success. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { canaries } from "@postseal/lab";
import { authority, command, Desk, type Ended, message, postseal, serve, to } from "./command.ts";

const skip = process.platform !== "linux";
const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(" ");
const files = (desk: Desk): readonly string[] => {
  const folder = path.join(desk.folder, "postseal");
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
};

/** Runs it in a shell that sets a limit, or sends standard output elsewhere. */
async function inShell(before: string, argv: readonly string[], after: string, desk: Desk): Promise<Ended> {
  const script = `${before} ${quoted([process.execPath, ...command, ...argv])} ${after}`;
  const child = spawn("bash", ["-c", script], {
    env: { XDG_CONFIG_HOME: desk.folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  await once(child, "exit");
  const [stdout, stderr] = await output;
  return { code: child.exitCode, stdout, stderr };
}

const NO_SPACE = "ulimit -f 0; exec";

test("an import that cannot be written exits 73 and leaves nothing that blocks the next try", { skip }, async () => {
  using desk = new Desk();
  const rc = desk.file(
    "msmtprc",
    `account a\nhost mail.example.com\nfrom a@example.com\nauth on\nuser a\npassword x\n`,
  );
  const argv = ["import", rc, "--write"];
  const { code, stderr } = await inShell(NO_SPACE, argv, "", desk);
  assert.equal(code, 73, stderr);
  assert.match(stderr, /a\.password cannot be written \(EFBIG\)\. Nothing was changed, and no file is left over/);
  assert.deepEqual(files(desk), []);
  assert.equal((await inShell("exec", argv, "", desk)).code, 0);
  assert.deepEqual(files(desk), ["a.password", "config.toml"]);
});

test("an account that cannot be added leaves the configuration as it was", { skip }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const before = '[accounts.other]\nserver = "submission://127.0.0.1:9"\n';
  desk.configuration(before);
  const argv = ["account", "add", "--address", "wren@example.test", "--name", "work"];
  const login = ["--server", `submission://${canaries.username}@127.0.0.1:${impostor.port}`];
  const ca = ["--ca-only", desk.file("ca.pem", authority.certificate)];
  const secret = ["--password-file", desk.file("secret", canaries.password)];
  const { code, stderr } = await inShell(NO_SPACE, [...argv, ...login, ...ca, ...secret], "", desk);
  assert.equal(code, 73, stderr);
  assert.match(stderr, /CLI_WRITE; exit 73/);
  assert.deepEqual(files(desk), ["config.toml"]);
  assert.equal(readFileSync(path.join(desk.folder, "postseal/config.toml"), "utf8"), before);
});

test("a report of the lab that cannot be written exits 73, and its table is still printed", { skip }, async () => {
  using desk = new Desk();
  const lab = ["lab", "run", "--vector", "^A1-removed$", "--loopback", "--out", "/dev/full", "--", "false"];
  const { code, stdout, stderr } = await inShell("exec", lab, "", desk);
  assert.equal(code, 73, stderr);
  assert.match(stdout, /nothing is proved/);
});

test("a result that cannot be written is no success: 74, and another exit code stays", { skip }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const server = to(impostor, desk);
  for (const [argv, expected] of [
    [["lab", "list", "--json"], 74],
    [["completion", "bash"], 74],
    [["verify", ...server, "--json"], 74],
    [["send", ...server, ...message, "--json"], 74],
    [["send", ...server, ...message], 74],
    [["verify", "--nonsense", "--json"], 64],
  ] as const) {
    const { code, stderr } = await inShell("exec", argv, "> /dev/full", desk);
    assert.equal(code, expected, argv.join(" "));
    assert.match(stderr, /^postseal: the result could not be written to standard output \(ENOSPC\)\n$/);
  }
  assert.equal(impostor.transcript.messages.length, 2);
  const closed = spawnSync("bash", [
    "-c",
    `${quoted([process.execPath, ...command])} lab list --json | true; echo "\${PIPESTATUS[0]}"`,
  ]);
  assert.equal(String(closed.stdout), "0\n");
  assert.equal((await postseal(["lab", "list", "--json"])).stderr, "");
});
