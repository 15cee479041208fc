/** `postseal lab run`: what it says of a client, and the exit code. */
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Ended, postseal } from "./command.ts";

const conditions = process.execArgv.filter((argument) => argument.startsWith("--conditions"));
const program = fileURLToPath(new URL(`../lab/leaky-client${path.extname(import.meta.url)}`, import.meta.url));
const WORDS = "{host} {port} {ca} {username} {password} {from} {to}".split(" ");

/** The client of test/lab with these flaws, at one vector. */
function tried(flaws: readonly string[], options: readonly string[] = [], body = "{body}"): Promise<Ended> {
  const client = [process.execPath, ...conditions, program, ...WORDS, body, ...flaws];
  const vector = ["--vector", "^A1-removed-auth$", "--loopback"];
  return postseal([
    "lab",
    "run",
    ...vector,
    ...(options.includes("--timeout") ? [] : ["--timeout", "30"]),
    ...options,
    "--",
    ...client,
  ]);
}

test("a client that leaks makes the exit 1, and the report says what to change", async () => {
  const { code, stdout } = await tried(["opportunistic"]);
  assert.equal(code, 1, stdout);
  assert.match(stdout, /\n {2}What to change: give nothing away before TLS is on/);
});

test("a client that only hangs makes the exit 2", async () => {
  const { code, stdout } = await tried(["hangs"], ["--timeout", "45", "--name", "Gull"]);
  assert.equal(code, 2, stdout);
  assert.match(stdout, /^Gull failed none of 2 vectors, but hung in 1\n/);
});

test("a client that hangs at the honest server proves nothing, so the exit is 1", async () => {
  const { code, stdout } = await postseal([
    ..."lab run --vector ^A1-removed$ --loopback --timeout 1 --".split(" "),
    "sleep",
    "60",
  ]);
  assert.equal(code, 1, stdout);
  assert.match(stdout, /control-failed \(1\)/);
});

test("a client with a message of its own learns from the report that the lab's text is missing", async () => {
  const { code, stdout } = await tried([], [], "a text of its own");
  assert.equal(code, 1, stdout);
  assert.match(stdout.replaceAll(/\s+/g, " "), /got a message, but not the lab's: put \{body\} into yours/);
});

test("a client that does not log in learns that a login is missing, and which option says that it has none", async () => {
  const flaws = ["withoutLogin"];
  const { stdout } = await tried(flaws);
  assert.match(stdout.replaceAll(/\s+/g, " "), /without a login: .*--without-login/);
  const { code, stdout: without } = await tried(flaws, ["--without-login"]);
  assert.equal(code, 0, without);
});

test("--name is what the report calls the client", async () => {
  const { stdout } = await tried([], ["--name", " Gull 2.1 "]);
  assert.match(stdout, /^Gull 2\.1 failed none of 2 vectors\n/);
});

test("a name that is empty or too long is a usage error", async () => {
  for (const name of ["", " ", "x".repeat(81)]) {
    const { code, stderr } = await tried([], ["--name", name]);
    assert.equal(code, 64, stderr);
    assert.match(stderr, /--name must be a name of at most 80 characters/);
  }
});

test("the summary and the badge go to standard output", async () => {
  const run = "lab run --vector ^A1-removed$ --loopback".split(" ");
  const markdown = await postseal([...run, "--format", "markdown", "--", "false"]);
  assert.match(markdown.stdout, /^## false: nothing is proved, since the honest server got no message\n/);
  const badge = await postseal([...run, "--format", "badge", "--", "false"]);
  assert.match(badge.stdout, /^<svg .*aria-label="Postseal lab: nothing proved">\n/);
});
