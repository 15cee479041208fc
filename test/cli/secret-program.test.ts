/** The program that prints a secret: its first line is taken, and it never outlives the command. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { canaries, type Impostor } from "@postseal/lab";
import { account, Desk, type Ended, postseal, serve } from "./command.ts";

const { password } = canaries;
const skip = process.platform === "win32";

interface Login {
  readonly script: string;
  readonly keys?: string;
  readonly argv?: readonly string[];
}

/** Logs in with what a shell script prints; it finds the password in PW, and the desk's folder in DESK. */
function verify({ script, keys = "", argv = [] }: Login, desk: Desk, impostor: Impostor): Promise<Ended> {
  const words = JSON.stringify(["/bin/sh", "-c", script]);
  const toml = account("a", impostor, desk, `ca-only = "../ca.pem"\npassword-command = ${words}\n${keys}`);
  const environment = { ...desk.configuration(toml), PATH: "/usr/bin:/bin", PW: password, DESK: desk.folder };
  return postseal(["verify", ...argv], { environment });
}

const pidIn = (desk: Desk): number => Number(readFileSync(path.join(desk.folder, "pid"), "utf8"));
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("a program may start a process that goes on and keeps its standard output open", { skip }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const script = 'echo "$PW"; sleep 1000 & echo $! > "$DESK/pid"';
  const { code, stderr } = await verify({ script }, desk, impostor);
  const agent = pidIn(desk);
  assert.ok(isRunning(agent), "the command waited for the agent, or ended it");
  process.kill(agent);
  assert.equal(code, 0, stderr);
});

test("without a line end the line is taken too, and the rest after a line end is not", { skip }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  for (const script of [
    'printf %s "$PW"',
    'printf "%s\\r\\n" "$PW"',
    'printf "%s\\nlogin: wren\\n" "$PW"',
    'echo "$PW"; head -c 200000 /dev/zero',
  ]) {
    const { code, stderr } = await verify({ script }, desk, impostor);
    assert.equal(code, 0, `${script}: ${stderr}`);
  }
});

test("a program that prints nothing in its time is ended, and the error names password-timeout", { skip }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const script = 'echo $$ > "$DESK/pid"; exec sleep 1000';
  const { code, stderr } = await verify({ script, keys: "password-timeout = 1" }, desk, impostor);
  assert.equal(code, 78);
  assert.match(stderr, /\/bin\/sh printed no whole line within 1 s, and was ended\. .* password-timeout = 300/);
  assert.ok(!isRunning(pidIn(desk)));
});

test(
  "a line counts only once its program has ended with 0: gpg prints before it has checked all",
  { skip },
  async () => {
    using desk = new Desk();
    await using impostor = await serve();
    const late = 'echo $$ > "$DESK/pid"; echo "$PW"; exec sleep 1000';
    const running = await verify({ script: late, keys: "password-timeout = 1" }, desk, impostor);
    assert.equal(running.code, 78);
    assert.match(
      running.stderr,
      /printed a line, and was still running after 1 s; it was ended, and the line not used/,
    );
    assert.ok(!isRunning(pidIn(desk)));
    const failed = await verify({ script: 'echo "$PW"; exit 2' }, desk, impostor);
    assert.match(failed.stderr, /\/bin\/sh exited with 2\. Run it by hand/);
    await impostor.settled();
    const said = impostor.transcript.connections.flatMap(({ entries }) => entries.map((entry) => entry.text));
    assert.ok(!said.some((line) => line.startsWith("AUTH")));
  },
);

test("--timeout ends the program too, even one that ignores SIGTERM", { skip }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  // Time enough for the program to be started on a busy machine: one that was not started needs no ending.
  const argv = ["--timeout", "8"];
  for (const script of [
    'echo $$ > "$DESK/pid"; exec sleep 1000',
    'trap "" TERM; echo $$ > "$DESK/pid"; while :; do read line < /dev/zero; done',
  ]) {
    const { code, stderr } = await verify({ script, argv }, desk, impostor);
    assert.equal(code, 75, stderr);
    assert.match(stderr, /not done after the 8 s of --timeout/);
    assert.ok(!isRunning(pidIn(desk)), script);
  }
});

test("password-timeout is a number of seconds, and only for a program", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  for (const [keys, problem] of [
    ['password-command = ["pass"]\npassword-timeout = 0', /is not a whole number of seconds from 1 to 600/],
    ['password-command = ["pass"]\npassword-timeout = "60"', /password-timeout is not a number/],
    ['password-file = "../password"\npassword-timeout = 60', /is for a program, .* Leave it out/],
  ] as const) {
    const environment = desk.configuration(account("a", impostor, desk, keys));
    const { code, stdout } = await postseal(["config", "check"], { environment });
    assert.equal(code, 78);
    assert.match(stdout, problem);
  }
});
