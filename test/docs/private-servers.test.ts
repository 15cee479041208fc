/** The commands of docs/guide/private-servers.md run unchanged, and the mailer accepts what they make. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { after, before, test } from "node:test";
import { createServer, type TLSSocket } from "node:tls";
import { listen, type Listener, makePrivateFolder, serve as converse } from "@postseal/lab";
import { createMailer, type Mailer, MailError, type MailerOptions } from "@postseal/mailer";

const guide = readFileSync(new URL("../../docs/guide/private-servers.md", import.meta.url), "utf8");
const folder = makePrivateFolder("private");
after(() => rmSync(folder, { recursive: true }));
const read = (file: string): string => readFileSync(path.join(folder, file), "utf8");

before(() => {
  run("## An authority of your own");
  run("## A certificate for the client");
});

test("a certificate from the guide's authority is verified by chain and name", async () => {
  await using server = await serve();
  const { seal } = await mailerFor(server, { tls: { ca: { add: read("ca.pem") } } }).verify();
  assert.equal(seal.verifiedBy, "pkix");
  assert.equal(seal.rootOrigin, "added");
});

test("without the authority, or under another name, the same certificate is refused", async () => {
  await using server = await serve();
  assert.equal(await reasonOf(mailerFor(server, {})), "untrusted-issuer");
  const tls = { ca: { only: read("ca.pem") } };
  assert.equal(await reasonOf(mailerFor(server, { tls }, "other.example.internal")), "wrong-name");
});

test("both commands for a pin print the pin of the seal, and the mailer accepts it beside the chain or instead of it", async () => {
  await using server = await serve();
  const [first = "", second = ""] = run("## How to get a pin").trim().split("\n");
  assert.equal(first, second);
  const { seal } = await mailerFor(server, { tls: { ca: { add: read("ca.pem") }, pins: [first] } }).verify();
  assert.equal(seal.certificate.spki, first);
  const trusted = await mailerFor(server, { tls: { trust: { pins: [first] } } }).verify();
  assert.equal(trusted.seal.verifiedBy, "pin");
});

test("one matching pin of two is enough, so that the key can change, and none is refused", async () => {
  await using server = await serve();
  const [current = ""] = run("## How to get a pin").split("\n");
  const next = `${"A".repeat(43)}=`;
  const ca = { add: read("ca.pem") };
  await mailerFor(server, { tls: { ca, pins: [current, next] } }).verify();
  assert.equal(await reasonOf(mailerFor(server, { tls: { ca, pins: [next] } })), "pin-mismatch");
});

test("the guide's client certificate is shown to a server that asks for one", async () => {
  await using server = await serve();
  const clientCertificate = { cert: read("client.pem"), key: read("client.key") };
  await mailerFor(server, { tls: { ca: { add: read("ca.pem") }, clientCertificate } }).verify();
  assert.deepEqual(server.clients, ["reports"]);
});

/** Runs the first shell block below a heading in the folder. Returns what it prints. */
function run(heading: string): string {
  const block = /^```sh\n([\s\S]*?)^```$/m.exec(guide.split(`${heading}\n`)[1] ?? "")?.[1];
  assert.ok(block !== undefined, heading);
  return execFileSync("bash", ["-euo", "pipefail", "-c", block], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

interface Server extends Listener {
  /** The names in the clients' certificates, if the authority issued them. */
  readonly clients: readonly string[];
}

async function serve(): Promise<Server> {
  const clients: string[] = [];
  const options = { requestCert: true, rejectUnauthorized: false };
  const certificates = { key: read("mail.key"), cert: read("mail.pem"), ca: read("ca.pem") };
  const server = createServer({ ...options, ...certificates }, (socket: TLSSocket) => {
    const { CN: name } = socket.getPeerCertificate().subject ?? {};
    if (socket.authorized && typeof name === "string") clients.push(name);
    void converse(socket, {});
  });
  return { ...(await listen((socket) => server.emit("connection", socket))), clients };
}

function mailerFor({ port }: Server, options: MailerOptions, host = "mail.example.internal"): Mailer {
  return createMailer(`submissions://${host}:${port}`, { ...options, connect: async () => connect(port, "127.0.0.1") });
}

async function reasonOf(mailer: Mailer): Promise<unknown> {
  try {
    await mailer.verify();
    return undefined;
  } catch (error) {
    return error instanceof MailError && "reason" in error ? error.reason : error;
  }
}
