/** Each row of the table in docs/guide/migrate-from-nodemailer.md runs: both cells do the same, or Nodemailer's is refused. */
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { connect, type Socket } from "node:net";
import { after, test } from "node:test";
import { type Canaries, canaries, createAuthority, type Impostor, said, startImpostor } from "@postseal/lab";
import { type ConnectionEvent, InputError, observe } from "@postseal/mailer";
import { sealed } from "@postseal/mailer/nodemailer";
import nodemailer from "nodemailer";
import { ProgramFolder } from "./program-folder.ts";
import { modules, type Row, rows } from "./table-cells.ts";

/** The user of the cells is Alice. Her token is her password. */
const alice: Canaries = { ...canaries, username: "alice" };
const authority = await createAuthority();
const issued = await authority.issue();
const client = await authority.issue({ usage: "client" });
const spki = new X509Certificate(issued.chain).publicKey.export({ type: "spki", format: "der" });
const texts = {
  pem: authority.certificate,
  cert: client.chain,
  key: client.key,
  pin: createHash("sha256").update(spki).digest("base64"),
  password: alice.password,
  token: alice.password,
};
const folder = new ProgramFolder();
after(() => folder[Symbol.dispose]());
/** How often a cell's `viaProxy` was called. */
let proxied = 0;
let port = 0;
const theirs = await cellsOf("nodemailer", (_: unknown, callback: (error: null, found: object) => void) => {
  const connection = dial();
  connection.once("connect", () => callback(null, { connection }));
});
const ours = await cellsOf("postseal", dial);

for (const [index, row] of rows.entries()) {
  const their = theirs[index];
  const our = row.postseal === "" ? undefined : ours[index];
  test(`${row.nodemailer} is ${row.postseal === "" ? "not available" : row.postseal}`, async () => {
    if (typeof our === "string") return assert.deepEqual(await dialledBy(our), whereTo(their));
    assert.ok(typeof their === "object" && their !== null);
    nodemailer.createTransport(their).close();
    if (row.nodemailer !== row.postseal) assertRefused(their);
    if (our !== undefined) await assertSame(row, their, our);
  });
}

/** An option of Nodemailer's that is left in place must not seem to work. */
function assertRefused(options: object): void {
  assert.throws(() => sealed("submission://mail.example.com", options), InputError);
}

/** Both deliver as alice inside TLS, and the server gets each text in Postseal's cell from both. */
async function assertSame(row: Row, their: object, our: object): Promise<void> {
  proxied = 0;
  const message = { from: alice.sender, to: alice.recipient, text: alice.body };
  for (const side of ["nodemailer", "postseal"]) {
    await using server = await serve();
    port = server.port;
    const transport =
      side === "nodemailer"
        ? nodemailer.createTransport(nodemailerOptions(server, their))
        : nodemailer.createTransport(sealed(`submission://127.0.0.1:${server.port}`, postsealOptions(our)));
    await transport.sendMail(message);
    transport.close();
    assert.equal((await server.verdict("sent")).verdict, "delivered-sealed");
    const [stored] = server.transcript.messages;
    assert.equal(stored?.username, "alice");
    const heard = server.transcript.connections.map((one) => `${one.tls?.protocol} ${said(one, "client", "tls")}`);
    for (const text of textsOf(row.postseal))
      assert.ok(text === "alice" || heard.join("").includes(text), `${side}: ${text}`);
  }
  assert.equal(proxied, row.nodemailer.includes("viaProxy") ? 2 : 0);
}

function textsOf(cell: string): readonly string[] {
  return [...cell.matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text);
}

/** The options of a row, with the server, its authority and the account unless the row has its own. */
function nodemailerOptions(server: Impostor, row: object): object {
  const { tls } = { tls: {}, ...row };
  return {
    host: "127.0.0.1",
    port: server.port,
    requireTLS: true,
    auth: { user: alice.username, pass: alice.password },
    ...row,
    tls: { ca: authority.certificate, ...tls },
  };
}

function postsealOptions(row: object): object {
  const { tls } = { tls: {}, ...row };
  const ca = { only: authority.certificate };
  return {
    credentials: { username: alice.username, password: alice.password },
    ...row,
    tls: "trust" in tls ? tls : { ca, ...tls },
  };
}

function serve(): Promise<Impostor> {
  const capabilities = ["SIZE 36700160", "8BITMIME", "PIPELINING", "AUTH CRAM-MD5 PLAIN LOGIN XOAUTH2"];
  return startImpostor(
    { transport: "starttls", script: { tls: { capabilities } } },
    { authority: { ...authority, issue: () => Promise.resolve(issued) }, canaries: alice, requestCertificate: true },
  );
}

interface Destination {
  readonly host: unknown;
  readonly port: unknown;
  readonly secure: boolean;
}

function whereTo(their: unknown): Destination {
  assert.ok(typeof their === "string" || (typeof their === "object" && their !== null));
  const { transporter } = nodemailer.createTransport(typeof their === "string" ? { url: their } : their);
  assert.ok("options" in transporter && typeof transporter.options === "object" && transporter.options !== null);
  const { host, port: number, secure } = { host: undefined, port: undefined, secure: false, ...transporter.options };
  return { host, port: number, secure };
}

/** Where the mailer of a URL connects, and whether TLS is implicit. */
async function dialledBy(url: string): Promise<Destination> {
  const found: ConnectionEvent[] = [];
  using _observer = observe({ "connection.opening": (event) => void found.push(event) });
  const transport = sealed(url, { connect: () => Promise.reject(new Error("far enough")) });
  await transport.verify().catch(() => {});
  await transport.close();
  const server = found[0]?.server;
  assert.ok(server !== undefined);
  return { host: server.host, port: server.port, secure: server.transport === "implicit" };
}

function dial(): Socket {
  proxied += 1;
  return connect(port, "127.0.0.1");
}

/** The cells of one side as values. */
async function cellsOf(side: keyof typeof modules, viaProxy: unknown): Promise<readonly (string | object)[]> {
  const module: unknown = await import(folder.write(`${side}.ts`, modules[side]));
  const make: unknown = typeof module === "object" && module !== null ? Reflect.get(module, "cells") : undefined;
  assert.ok(typeof make === "function");
  const made: unknown = Reflect.apply(make, undefined, [{ ...texts, viaProxy }]);
  assert.ok(Array.isArray(made) && made.length === rows.length && made.every(isCell));
  return made;
}

function isCell(value: unknown): value is string | object {
  return typeof value === "string" || (typeof value === "object" && value !== null);
}
