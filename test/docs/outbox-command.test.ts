/** What the guides of the outbox show for the command, for Nodemailer, for systemd and for monitoring runs, and does what they say. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { startTestServer } from "@postseal/testing";
import { command } from "../cli/command.ts";
import { OutboxDesk } from "../cli/outbox-desk.ts";
import { compiled } from "../compiled.ts";
import { blocksIn, ProgramFolder } from "./program-folder.ts";

const GUIDE = "docs/guide/outbox.md";
const OPERATING = "docs/guide/operating-the-outbox.md";
const has = (program: string): boolean => spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;

/** Runs a script in which `postseal` is the command. */
async function sh(
  desk: OutboxDesk,
  script: string,
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const words = [process.execPath, ...command].map((word) => `'${word}'`).join(" ");
  const whole = `postseal() { ${words} "$@"; }\n${script}`;
  const child = spawn("bash", ["-euo", "pipefail", "-c", whole], {
    env: { ...compiled, ...desk.environment, PATH: "/usr/bin:/bin" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = text(child.stdout);
  await once(child, "exit");
  return { code: child.exitCode, stdout: await output };
}

test("the commands of the guide queue a message, send it and count it; the monitoring check passes, then fails", async () => {
  await using desk = await OutboxDesk.open({ address: "shop@example.com" });
  const blocks = blocksIn(GUIDE, "sh");
  assert.equal(blocks.length, 1);
  const { code, stdout } = await sh(desk, blocks[0] ?? "");
  assert.equal(code, 0);
  assert.match(stdout, /^queued .*^account .* finish .*^done +1$/ms);
  assert.equal(desk.server.messages.length, 1);
  const [check = "", ...others] = blocksIn(OPERATING, "sh");
  assert.equal(others.length, 0);
  if (!has("jq")) return;
  assert.equal((await sh(desk, check)).code, 0);
  desk.server.failNext("cut");
  await desk.enqueue();
  await desk.run(["outbox", "work", "--once"]);
  assert.equal((await sh(desk, check)).code, 1);
});

test("the guide's configuration has nothing wrong", async () => {
  await using desk = await OutboxDesk.open();
  const blocks = blocksIn(GUIDE, "toml");
  assert.equal(blocks.length, 1);
  const toml = (blocks[0] ?? "").replace(/^password-command = .*$/m, 'password-file = "password"');
  const { code, stdout } = await desk.run(["config", "check", desk.desk.file("config.toml", toml)]);
  assert.match(stdout, /: nothing wrong; accounts: shop$/m);
  assert.equal(code, 0);
});

test("the guide's programs queue, send, join a transaction and look", async () => {
  using folder = new ProgramFolder();
  await using server = await startTestServer();
  const [sends = "", queues = "", joins = "", looks = ""] = blocksIn(GUIDE, "ts");
  const run = async (program: string): Promise<string> => {
    const { code, stdout, stderr } = await folder.node([folder.write("program.ts", program)]);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const account = `server: ${JSON.stringify(server.url)}, tls: ${JSON.stringify(server.tls)}`;
  const ours = sends.replace('server: "submission://mail.example.com"', account).replace(/^ *credentials: .*\n/m, "");
  assert.match(await run(`${ours}\nprocess.emit("SIGTERM");`), /^[0-9a-f-]{36} false\n$/);
  await run(queues);
  assert.match(await run(looks), /^(?:1 [0-9a-f-]{36} finish undefined\n)?$/);
  const tables =
    'import { DatabaseSync } from "node:sqlite";\nnew DatabaseSync("shop.db").exec("create table orders (mail)");\n';
  await run(`${tables}${joins.replace('import { DatabaseSync } from "node:sqlite";', "")}\nawait outbox.close();`);
});

test("the guide's Nodemailer program prints what the guide says", async () => {
  using folder = new ProgramFolder();
  const block = blocksIn(GUIDE, "ts").find((one) => one.includes("nodemailer")) ?? "";
  const { code, stdout, stderr } = await folder.node([folder.write("queue.ts", block)]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^queued as [0-9a-f-]{36} \[ 'bob@example\.org' \]\n$/);
});

test("systemd finds no fault in the unit", { skip: !has("systemd-analyze") }, () => {
  using folder = new ProgramFolder();
  const [unit = ""] = blocksIn(OPERATING, "ini");
  // Neither the program nor the user is there on every machine.
  const here = unit.replace("/usr/bin/postseal", "/bin/true").replace("User=postseal", "User=root");
  const file = folder.write("postseal-outbox.service", here);
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", file], { encoding: "utf8" });
  const about = stderr.split("\n").filter((line) => line.includes("postseal-outbox"));
  assert.deepEqual([status, about], [0, []]);
  const grace = /for (\d+) s \(`--grace`\)/.exec(readFileSync(OPERATING, "utf8"))?.[1];
  assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) > Number(grace));
});
