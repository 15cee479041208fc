/** The statements of docs/guide/lab.md hold, and its commands work as a reader would type them. */
import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import type { Readable } from "node:stream";
import { after, test } from "node:test";
import { text } from "node:stream/consumers";
import { clients, isFailure, makePrivateFolder, outcomes, placeholders, selectVectors } from "@postseal/lab";
import { command } from "../cli/command.ts";

const guide = readFileSync("docs/guide/lab.md", "utf8");
const folder = makePrivateFolder("guide");
after(() => rmSync(folder, { recursive: true }));

/** Starts a line in a shell in the project's root, where `postseal` is the command under test. */
function start(line: string, environment: NodeJS.ProcessEnv = {}): ChildProcessByStdio<null, Readable, Readable> {
  const words = ["exec", process.execPath, ...command].map((word) => `'${word}'`).join(" ");
  const script = line
    .replace(/(?:sudo )?(?:npx --yes )?postseal/, words.replace("'exec'", "exec"))
    .replaceAll(/\b(?:lab|matrix)\.(?:xml|html|svg)/g, (name) => path.join(folder, name));
  assert.notEqual(script, line);
  return spawn("/bin/bash", ["-c", script], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function type(
  line: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = start(line, environment);
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  await once(child, "exit");
  return { code: child.exitCode, output: (await output).join("") };
}

/** The first one in the guide that has these words. */
function commandWith(words: string): string {
  const found = [...guide.matchAll(/^ *(?:sudo )?(?:npx --yes )?postseal lab (?:.*\\\n)*.*/gm)].find(([line]) =>
    line.includes(words),
  );
  assert.ok(found !== undefined, `the guide has no command with ${words}`);
  return found[0];
}

/** The words that begin the rows of the guide's table with this heading. */
function rowsUnder(heading: string): readonly string[] {
  const table = guide.slice(guide.indexOf(`\n| ${heading} `) + 1).split("\n\n", 1)[0] ?? "";
  return table.split("\n").slice(2);
}

/** Their files in the folder. */
function file(name: string): string {
  return readFileSync(path.join(folder, name), "utf8");
}

test("the client of the examples holds against the vectors that the guide begins with", async () => {
  const { code, output } = await type(commandWith("'^[ACDH]' -- \\"));
  assert.equal(code, 0, output);
  assert.match(output, /No failures/);
});

test("the step for CI leaves a JUnit report with a test for each vector", async () => {
  const { code, output } = await type(commandWith("--format junit").replaceAll("'^[ACDH]'", "'^(H-starttls|A1-)'"));
  assert.equal(code, 0, output);
  assert.equal(file("lab.xml").match(/<testcase /g)?.length, 4);
});

test("curl --ssl-reqd, as in the guide and the help, does not leak if STARTTLS is stripped", async (t) => {
  const { code, output } = await type(commandWith("curl").replace("lab run", "lab run --vector '^A1-'"));
  if (output.includes("ENOENT")) return t.skip("curl is not installed");
  assert.equal(code, 0, output);
});

test("the guide's table has every outcome, with its exit code", () => {
  const rows = rowsUnder("outcome").map((row) => /^\| `([a-z-]+)` +\|.*\| (\d) +\|$/.exec(row)?.slice(1));
  assert.deepEqual(
    rows,
    outcomes.map((outcome) => [outcome, !isFailure(outcome) ? "0" : outcome === "hang" ? "2" : "1"]),
  );
});

test("the guide's table has every placeholder", () => {
  const named = rowsUnder("placeholder").flatMap((row) =>
    [...(row.split("|")[1] ?? "").matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
  );
  assert.deepEqual(new Set(named), new Set(placeholders));
});

test("the guide's table has every client of the catalogue, and says how many they are", () => {
  const named = rowsUnder("kind").flatMap((row) => [...row.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name));
  assert.deepEqual(new Set(named), new Set(clients.map(({ id }) => id)));
  assert.match(guide, new RegExp(`It knows ${clients.length}:`));
});

test("the badge of the guide says as many vectors as a client is tried with", () => {
  const count = selectVectors({ transports: ["starttls"], demands: [] }).length;
  assert.match(guide, new RegExp(`"none of ${count} failed"`));
});

test("a client that fails at the honest server proves nothing, and the report shows what it printed", async () => {
  const { code, output } = await type("postseal lab run -- sh -c 'echo no such option; exit 3'");
  assert.equal(code, 1, output);
  assert.match(output, /control-failed/);
  assert.match(output, /no such option/);
});

test("--name is what the report calls the client, which otherwise has the name of its program", async () => {
  const [, name = ""] = /`(--name "[^"`]+")`/.exec(guide) ?? [];
  const line = "postseal lab run --vector '^A1-removed$' -- false";
  assert.match((await type(line.replace("run", `run ${name}`))).output, /^Gull 2\.1/m);
  assert.match((await type(line)).output, /^false/m);
});

test("explain says what a vector does and what a correct client does, and --strict adds vectors", async () => {
  const [, line = ""] = /`(postseal lab explain [^`]+)`/.exec(guide) ?? [];
  const { code, output } = await type(line);
  assert.equal(code, 0, output);
  assert.match(output, /What the attacker does/);
  assert.match(output, /What a correct client does/);
  const usual = selectVectors({ transports: ["starttls"], demands: [] });
  const strict = selectVectors({ transports: ["starttls"], demands: ["current-practice"] });
  assert.ok(strict.length > usual.length);
});

test("the summary and the badge are written where the guide says, and the page of the matrix too", async () => {
  const client = "python3 examples/client-under-test.py {host} {port} {username} {password} {from} {to} {message}";
  const options = [
    ...guide.matchAll(/`(--format (?:html|markdown|badge))(?: --out ([^`]+))?`|(--out "\$GITHUB[^`]+)`/g),
  ];
  assert.deepEqual(
    options.map(([, format, to, elsewhere]) => [format ?? "--format markdown", to ?? elsewhere]),
    [
      ["--format html", "lab.html"],
      ["--format markdown", undefined],
      ["--format markdown", '--out "$GITHUB_STEP_SUMMARY"'],
      ["--format badge", "lab.svg"],
    ],
  );
  const summary = { GITHUB_STEP_SUMMARY: path.join(folder, "summary.md") };
  for (const words of [
    "--format html --out lab.html",
    '--format markdown --out "$GITHUB_STEP_SUMMARY"',
    "--format badge --out lab.svg",
  ]) {
    const { code, output } = await type(`postseal lab run --vector '^A1-removed$' ${words} -- ${client}`, summary);
    assert.equal(code, 0, output);
  }
  assert.match(file("lab.html"), /^<!doctype html>/i);
  assert.match(file("summary.md"), /A1-removed|none of/);
  assert.match(file("lab.svg"), /none of 2 failed/);
});

test("the matrix of some clients tries those, and the others are listed as absent", async () => {
  const line = commandWith("--client curl").replace("matrix", "matrix --loopback --vector '^A1-removed-auth'");
  const found = await type(line.replace("--client curl", "--client nodemailer"));
  assert.match(found.output, /Nodemailer/);
  const { output } = await type(line.replace("--client curl", "--client nodemailer"), { PATH: "/nonexistent" });
  assert.match(output, /Nodemailer/);
  assert.match(output, /^Not on this machine: msmtp\.$/m);
});

test("serve says how to connect, and shows the conversation while it happens", async () => {
  const child = start(commandWith("lab serve"));
  const ended = once(child, "exit");
  const output = await until(child.stdout, /Ctrl-C ends it/);
  const port = Number(/^port +(\d+)/m.exec(output)?.[1]);
  const client = connect(port, "127.0.0.1");
  client.write("EHLO heron.example.test\r\n");
  await until(child.stdout, /heron\.example\.test/);
  client.destroy();
  child.kill("SIGINT");
  await ended;
});

test("proxy says how to connect", async () => {
  const child = start(commandWith("lab proxy").replace("mail.example.com", "127.0.0.1"));
  const ended = once(child, "exit");
  assert.match(await until(child.stdout, /Ctrl-C ends it/), /^port +\d+/m);
  child.kill("SIGINT");
  await ended;
});

/** What comes, up to this. */
async function until(stream: Readable, pattern: RegExp): Promise<string> {
  let said = "";
  while (!pattern.test(said)) {
    const [chunk] = await once(stream, "data");
    said += String(chunk);
  }
  return said;
}
