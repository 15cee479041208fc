/** The programs of docs/guide/observability.md run, and print what it shows. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { startTestServer } from "@postseal/testing";
import { Desk, postseal } from "../cli/command.ts";
import { blocksIn, ProgramFolder } from "./program-folder.ts";

const GUIDE = "docs/guide/observability.md";
const [observed = "", subscribed = "", instrumented = ""] = blocksIn(GUIDE, "ts");

/** Runs after a block of the guide, in the same process, and sends two messages: one is taken, the other refused. */
const SENDS = `
  import { createMailer } from "@postseal/mailer";
  import { startTestServer } from "@postseal/testing";
  {
    await using server = await startTestServer();
    const message = { from: "alice@example.com", to: "bob@example.org", text: "Hi Bob" };
    await using mailer = createMailer(server.url, { tls: server.tls });
    await mailer.send(message);
    server.failNext("552");
    await mailer.send(message).catch(() => {});
    await using stranger = createMailer(server.url);
    await stranger.verify().catch(() => {});
  }
`;

test("--trace prints what the guide shows", async () => {
  using desk = new Desk();
  await using server = await startTestServer();
  const ca = desk.file("ca.pem", server.ca);
  const words = /^\$ postseal (.*)$/m.exec(readFileSync(GUIDE, "utf8"))?.[1] ?? "";
  const argv = [...words.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
  const { code, stderr } = await postseal([...argv, "--ca-only", ca], { environment: { POSTSEAL_URL: server.url } });
  assert.equal(code, 0, stderr);
  const screen = /^\$ postseal .*\n([\s\S]*?)^```$/m.exec(readFileSync(GUIDE, "utf8"))?.[1] ?? "";
  const printed = stderr
    .replaceAll("postseal.test", "mail.example.com")
    .replace(`127.0.0.1 port ${server.port}`, "mail.example.com port 587")
    .replace("127.0.0.1 verified", "mail.example.com verified");
  assert.deepEqual(untimed(printed), untimed(screen));
});

test("the guide's observer prints what the guide says", async () => {
  const { stdout, stderr } = await run(observed);
  assert.match(stdout, /^sealed: 127\.0\.0\.1, TLSv1\.3, X25519MLKEM768$/m);
  assert.match(stdout, /^accepted: 250$/m);
  assert.match(stdout, /^refused: 552$/m);
  assert.match(stderr, /^not sent: MAIL_REFUSED$/m);
  assert.match(stderr, /^closed, still clear: MAIL_TLS_UNVERIFIED$/m);
});

test("the guide's observer stops when the process is asked to end", async () => {
  const { stdout, stderr } = await run(`${observed}\nprocess.emit("SIGTERM");`);
  assert.deepEqual([stdout, stderr], ["", ""]);
});

test("an observer that throws is a warning, and the program goes on", async () => {
  const failing = `import { observe } from "@postseal/mailer";
    observe({ "message.concluded": ({ receipt }) => { console.log("heard"); throw new Error(String(receipt)); } });`;
  const { stdout, stderr } = await run(failing);
  assert.equal(stdout, "heard\nheard\n");
  assert.equal(stderr.match(/\[POSTSEAL_OBSERVER\]/g)?.length, 1);
});

test("the guide's channel has the commands", async () => {
  assert.doesNotMatch(subscribed, /@postseal/);
  const { stdout } = await run(subscribed);
  assert.match(
    stdout,
    /^C: EHLO \[127\.0\.0\.1\]\nC: STARTTLS\nC: EHLO \[127\.0\.0\.1\]\nC: AUTH PLAIN \[secret\]\nC: MAIL FROM:/m,
  );
});

test("the guide's OpenTelemetry set-up prints the spans", async () => {
  const { stdout } = await run(instrumented);
  for (const name of ["connect", "authenticate", "send"]) assert.match(stdout, new RegExp(`name: '${name}'`));
  const told = blocksOfTables().filter((word) => /^(tls|postseal|network|server|error)\./.test(word));
  const attributes = told.filter((word) => !/^postseal\.(send|connect|recipients|open_connections|outcome)/.test(word));
  assert.ok(attributes.length > 12);
  for (const name of attributes) assert.ok(stdout.includes(`'${name}': `), `${name} is on no span`);
});

async function run(block: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  using folder = new ProgramFolder();
  folder.write("block.ts", block);
  const ended = await folder.node([folder.write("main.ts", `import "./block.ts";${SENDS}process.exit();`)]);
  assert.equal(ended.code, 0, ended.stderr);
  return ended;
}

/** The words in backticks of the section on OpenTelemetry. */
function blocksOfTables(): readonly string[] {
  const section = readFileSync(GUIDE, "utf8").split("## OpenTelemetry")[1] ?? "";
  const prose = section.replaceAll(/^```[\s\S]*?^```$/gm, "");
  return [...new Set([...prose.matchAll(/`([\w.]+)`/g)].map(([, word = ""]) => word))];
}

/** The lines without their times, and without the length of the message, which has a random identifier in it. */
function untimed(text: string): readonly string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^ *\d+\.\d{3} /, "").replaceAll(/(?<=SIZE=|BDAT |message, )\d{3}\b/g, "N"));
}
