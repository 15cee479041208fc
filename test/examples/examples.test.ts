/** Every example runs, against an honest server and against one that strips STARTTLS. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, suite, test } from "node:test";
import {
  canaries,
  clearCapabilities,
  type Impostor,
  said,
  type Script,
  sealedCapabilities,
  startImpostor,
} from "@postseal/lab";
import { startHttpProxy } from "./http-proxy-server.ts";
import { authority, Desk, type Ended } from "./program.ts";
import { startSocks5 } from "./socks5-server.ts";

const desk = new Desk();
after(() => desk[Symbol.dispose]());

/** The arguments of each example. */
const login = [canaries.username, desk.passwordFile];
const addresses = [canaries.sender, canaries.recipient];
const report = desk.file("report.pdf", "%PDF-1.7 a report of the heron\n".repeat(10_000));
const calls: Readonly<Record<string, (server: string) => readonly string[]>> = {
  "http-proxy.ts": (server) => [httpProxy.address, server, ...login, ...addresses],
  "nodemailer-sealed.ts": (server) => [server, ...login, ...addresses],
  "send.ts": (server) => [server, ...login, ...addresses],
  "send-with-attachment.ts": (server) => [server, ...login, ...addresses, report],
  "session.ts": (server) => [server, ...login, ...addresses],
  "socks5-proxy.ts": (server) => [proxy.address, server, ...login, ...addresses],
  "verify.ts": (server) => [server, ...login],
};

const proxy = await startSocks5();
after(() => proxy[Symbol.asyncDispose]());
const httpProxy = await startHttpProxy();
after(() => httpProxy[Symbol.asyncDispose]());

const stripped: Script = { clear: { capabilities: clearCapabilities.filter((line) => line !== "STARTTLS") } };

test("every example is run here", () => {
  const programs = readdirSync(new URL("../../examples", import.meta.url)).filter((name) => name.endsWith(".ts"));
  assert.deepEqual(programs.toSorted(), Object.keys(calls).toSorted());
});

suite("if STARTTLS is stripped, nothing but EHLO is said in the clear", { concurrency: true }, () => {
  for (const example of Object.keys(calls)) {
    test(`by ${example}`, async () => {
      await using server = await serve(stripped);
      const { code, stdout, stderr } = await run(example, server);
      assert.equal(code, 1);
      assert.match(`${stdout}${stderr}`, /MAIL_TLS_NOT_OFFERED/);
      assert.deepEqual(
        server.transcript.connections.map((connection) => said(connection, "client", "clear")),
        ["EHLO [127.0.0.1]\r\n"],
      );
    });
  }
});

test("send.ts sends, and prints the outcome and the seal", async () => {
  await using server = await serve({});
  const { code, stdout } = await run("send.ts", server);
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^dunlin@recipient\.example\.test: accepted \(250 .*\)\nsealed by TLSv1\.3, X25519MLKEM768; root: environment\n$/,
  );
  assert.match(delivered(server), /It came sealed\./);
});

test("send.ts prints the code of a refusal, and the outcome for each recipient", async () => {
  await using server = await serve({ tls: { on: { RCPT: [{ do: "say", text: "550 5.1.1 No such user\r\n" }] } } });
  const { code, stdout } = await run("send.ts", server);
  assert.equal(code, 1);
  assert.match(stdout, /^MAIL_REFUSED \(give-up\): .*\ndunlin@recipient\.example\.test: refused\n$/);
});

test("send-with-attachment.ts sends alternatives, an image and the whole file", async () => {
  await using server = await serve({});
  const { code, stdout, stderr } = await run("send-with-attachment.ts", server);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^<[^>]+>: accepted\n$/);
  const message = delivered(server);
  assert.match(message, /Content-ID: <dot>/i);
  assert.match(message, /filename="?report\.pdf/);
  const encoded = Buffer.from("%PDF-1.7 a report of the heron\n".repeat(10_000)).toString("base64");
  assert.ok(message.replaceAll("\r\n", "").includes(encoded), "the file is not in it");
  // The count includes the framing of BDAT.
  const [sent = "", total = ""] = stderr.match(/\d+/g)?.slice(-2) ?? [];
  assert.ok(Number(total) > encoded.length && Number(sent) >= Number(total), stderr);
});

test("verify.ts prints the pin, the login and the offer, and sends no mail", async () => {
  await using server = await serve({});
  const { code, stdout } = await run("verify.ts", server);
  assert.equal(code, 0);
  assert.match(stdout, /^pin: [A-Za-z0-9+/]{43}=$/m);
  assert.match(stdout, /^login: SCRAM-SHA-256-PLUS, bound to this TLS session: true$/m);
  assert.match(stdout, new RegExp(`^offers .*${sealedCapabilities[0]}`, "m"));
  assert.deepEqual(server.transcript.messages, []);
});

test("verify.ts does not log in without a user", async () => {
  await using server = await serve({});
  const { code, stdout } = await desk.run("verify.ts", [urlOf(server)]);
  assert.equal(code, 0);
  assert.match(stdout, /^login: none/m);
  assert.doesNotMatch(server.transcript.connections.map((one) => said(one, "client", "tls")).join(""), /AUTH/);
});

test("session.ts logs in, sends NOOP and sends two messages on one connection", async () => {
  await using server = await serve({});
  const { code, stdout, stderr } = await run("session.ts", server);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^logged in by SCRAM-SHA-256-PLUS\nNOOP: 250 .*\nOne: accepted\nTwo: accepted\n$/m);
  assert.equal(server.transcript.connections.length, 1);
  assert.equal(server.transcript.messages.length, 2);
});

test("session.ts does not log in if no mechanism offered is as strong as it demands", async () => {
  await using server = await serve({ tls: { capabilities: ["AUTH PLAIN LOGIN"] } });
  const { code, stderr } = await run("session.ts", server);
  assert.equal(code, 1);
  assert.match(stderr, /MAIL_AUTH_NOT_OFFERED/);
});

test("socks5-proxy.ts reaches the server through the proxy alone, sealed end to end", async () => {
  await using server = await serve({});
  const { code, stdout, stderr } = await run("socks5-proxy.ts", server);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "accepted\n");
  assert.deepEqual(proxy.targets.slice(-1), [`127.0.0.1:${server.port}`]);
  assert.match(delivered(server), /It came through a proxy\./);
  assert.ok(!proxy.heard().includes("proxy."), "the proxy read the message");
});

test("socks5-proxy.ts ends with an error if the proxy cannot connect", async () => {
  const server = await serve({});
  await server[Symbol.asyncDispose]();
  const { code, stderr } = await run("socks5-proxy.ts", server);
  assert.equal(code, 1);
  assert.match(stderr, /MAIL_NETWORK_CONNECT[^]*Socks5 proxy rejected connection - ConnectionRefused/);
});

test("http-proxy.ts reaches the server through the proxy alone, sealed end to end", async () => {
  await using server = await serve({});
  const { code, stdout, stderr } = await run("http-proxy.ts", server);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "accepted\n");
  assert.deepEqual(httpProxy.targets.slice(-1), [`127.0.0.1:${server.port}`]);
  assert.match(delivered(server), /It came through a proxy\./);
  assert.ok(!httpProxy.heard().includes("proxy."), "the proxy read the message");
});

test("http-proxy.ts ends with an error if the proxy cannot connect", async () => {
  const server = await serve({});
  await server[Symbol.asyncDispose]();
  const { code, stderr } = await run("http-proxy.ts", server);
  assert.equal(code, 1);
  assert.match(stderr, /MAIL_NETWORK_CONNECT[^]*the HTTP proxy did not connect \(status 502\)/);
});

test("nodemailer-sealed.ts sends what Nodemailer composed, and prints the outcome", async () => {
  await using server = await serve({});
  const { code, stdout, stderr } = await run("nodemailer-sealed.ts", server);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^<[^>]+>: 250 .*\naccepted: dunlin@.*; rejected: none\nsealed by TLSv1\.3, X25519MLKEM768\n$/);
  assert.match(delivered(server), /<p>Composed by Nodemailer, sealed by Postseal\.<\/p>/);
});

function serve(script: Script): Promise<Impostor> {
  return startImpostor({ transport: "starttls", script }, { authority });
}

function run(example: string, server: Pick<Impostor, "port">): Promise<Ended> {
  return desk.run(example, calls[example]?.(urlOf(server)) ?? []);
}

/** The address will do: the certificate names it too. */
function urlOf({ port }: Pick<Impostor, "port">): string {
  return `submission://127.0.0.1:${port}`;
}

function delivered({ transcript }: Impostor): string {
  const [message] = transcript.messages;
  assert.equal(message?.channel, "tls");
  assert.equal(message?.username, canaries.username);
  return message?.body ?? "";
}
