/**
 * Hostile JSON that an application merges carelessly puts properties on `Object.prototype`, and every object inherits them.
 * With each name of an option there, ours or Node's, a server that is not trusted still hears nothing inside TLS.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { json, text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createMailer } from "@postseal/mailer";
import { canaries, createAuthority, type Impostor, said, startImpostor } from "@postseal/lab";

/** The names of all optional properties in these files. */
function optional(files: readonly string[]): readonly string[] {
  const found = files.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/^.*?\b(\w+)\?:/gm)]);
  return [...new Set(found.map(([, name = ""]) => name))];
}

/** Every option of the mailer, and the required names that tell one kind of object from another. */
const ours = [
  ...optional(globSync("packages/mailer/src/**/*.ts").filter((file) => !file.endsWith(".test.ts"))),
  ..."add only key host message external accessToken path content source parts".split(" "),
];
const nodes = optional(["tls", "net", "dns"].map((name) => `node_modules/@types/node/${name}.d.ts`));
/** Names at which Node or the language itself fails, so that nothing is sent: in emitters, iterators, listeners, `checkIP`. */
const TRIPPING = ["connect", "return", "signal", "subject"];

test("the most valuable names on Object.prototype make nobody trusted: trust, ca, tls, a session, a trace", async () => {
  const { report, rogue } = await attack(["auth"], ["enableTrace"]);
  assert.deepEqual(report.believed, []);
  assert.equal(heardBy(rogue), "");
});

test("no name on Object.prototype makes anybody trusted, whatever Node or the mailer reads", async () => {
  assert.ok(ours.length > 80, `only ${ours.length} names of ours`);
  assert.ok(nodes.length > 80, `only ${nodes.length} names of Node's`);
  for (const name of ["trust", "ca", "tls", "pins", "connect", "authorizationId", "bcc"])
    assert.ok(ours.includes(name), name);
  for (const name of [
    "ca",
    "rejectUnauthorized",
    "checkServerIdentity",
    "pskCallback",
    "secureContext",
    "session",
    "fd",
  ])
    assert.ok(nodes.includes(name), name);
  const { report, rogue, honest } = await attack(ours, nodes);
  assert.deepEqual(report, { believed: [], disturbed: [] });
  assert.ok(rogue.transcript.connections.length > ours.length + nodes.length);
  assert.equal(heardBy(rogue), "");
  // The prototype alone adds no recipient, user or text.
  const { messages } = honest.transcript;
  assert.deepEqual([...new Set(messages.flatMap(({ forwardPaths }) => forwardPaths))], [canaries.recipient]);
  assert.deepEqual([...new Set(messages.map(({ username }) => username))], [canaries.username]);
  assert.equal(new Set(messages.map(({ body }) => withoutStamp(body))).size, 1);
});

/** Sends to a server that nobody trusts and to one that is trusted, with each name on the prototype in turn. */
async function attack(
  some: readonly string[],
  others: readonly string[],
): Promise<{ readonly report: Report; readonly rogue: Impostor; readonly honest: Impostor }> {
  const [authority, stranger] = await Promise.all([createAuthority(), createAuthority({ name: "Rogue authority" })]);
  await using honest = await startImpostor({ transport: "implicit", script: {} }, { authority });
  await using rogue = await startImpostor({ transport: "implicit", script: {} }, { authority: stranger });
  const report = await sendPolluted({
    ours: some,
    nodes: others,
    tripping: TRIPPING,
    rogue: { port: rogue.port, ca: stranger.certificate, pin: await pinOf(rogue) },
    honest: { port: honest.port, ca: authority.certificate },
  });
  return { report, rogue, honest };
}

/** Everything that a client said to it inside TLS. */
function heardBy(rogue: Impostor): string {
  return rogue.transcript.connections.map((connection) => said(connection, "client", "tls")).join("");
}

/** The message without its date and identifier, which differ each time. */
function withoutStamp(body: string): string {
  return body.replace(/^(?:Date|Message-ID): .*\r\n/gm, "");
}

async function pinOf(rogue: Impostor): Promise<string> {
  const pins = [Buffer.alloc(32).toString("base64")];
  await using mailer = createMailer(
    { host: "127.0.0.1", port: rogue.port, transport: "implicit" },
    { tls: { trust: { pins } } },
  );
  const refused: unknown = await mailer.verify().catch((error: unknown) => error);
  const pin = /pin (\S{44})/.exec(String(refused))?.[1];
  assert.ok(pin !== undefined, String(refused));
  return pin;
}

interface Report {
  readonly believed: readonly string[];
  readonly disturbed: readonly string[];
}

async function sendPolluted(task: unknown): Promise<Report> {
  const program = fileURLToPath(new URL(`./child/polluted${path.extname(import.meta.url)}`, import.meta.url));
  const child = spawn(
    process.execPath,
    [...process.execArgv.filter((flag) => flag.startsWith("--conditions")), program],
    {
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  child.stdin.end(JSON.stringify(task));
  const [report, complaints]: readonly [unknown, string] = await Promise.all([json(child.stdout), text(child.stderr)]);
  // What `enableTrace` prints: every record of the session.
  assert.doesNotMatch(complaints, /ClientHello/);
  assert.ok(isReport(report), complaints);
  return report;
}

function isReport(given: unknown): given is Report {
  return typeof given === "object" && given !== null && "believed" in given;
}
