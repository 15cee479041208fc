/** Each exit code, from the command itself. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canaries, clearCapabilities, type Script, sealedCapabilities } from "@postseal/lab";
import { Desk, type Ended, message, postseal, serve, to } from "./command.ts";

async function send(
  script: Script,
  more: readonly string[] = [],
  password: string = canaries.password,
): Promise<Ended> {
  using desk = new Desk();
  await using impostor = await serve(script);
  return await postseal(["send", ...to(impostor, desk, password), ...message, ...more]);
}

const answering = (text: string): Script => ({ clear: { on: { STARTTLS: [{ do: "say", text: `${text}\r\n` }] } } });
const refusing = (reply: string): Script => ({ tls: { on: { RCPT: [{ do: "say", text: `${reply}\r\n` }] } } });

test("a message that is accepted exits 0, and its seal is printed", async () => {
  const { code, stdout, stderr } = await send({});
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  assert.match(stdout, /^accepted +dunlin@recipient\.example\.test \(250 2\.0\.0 Ok: queued\)$/m);
  assert.match(stdout, /^sealed +TLSv1\.3, TLS_AES_256_GCM_SHA384, X25519MLKEM768 \(post-quantum\)$/m);
  assert.match(stdout, /^server +127\.0\.0\.1, verified by chain and name, up to a root that you gave$/m);
  assert.match(stdout, /^issuer +CN=Postseal lab authority; the certificate expires \d{4}-\d\d-\d\d$/m);
  assert.match(stdout, /^binding +tls-exporter/m);
});

test("one refused recipient of two exits 1, and both outcomes are printed", async () => {
  const reply = { do: "say", text: "550 5.1.1 No such user\r\n" } as const;
  const { code, stdout } = await send({ tls: { on: { RCPT: [reply] }, only: { RCPT: 2 } } }, [
    "--cc",
    "knot@example.test",
  ]);
  assert.equal(code, 1);
  assert.match(stdout, /^accepted +dunlin@/m);
  assert.match(stdout, /^refused +knot@example\.test \(550 5\.1\.1 No such user\)$/m);
});

test("an invalid address exits 65 before any connection, and the error names its option", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const { code, stderr } = await postseal(["send", ...to(impostor, desk), ...message, "--to", "a b@example.test"]);
  assert.equal(code, 65);
  assert.match(stderr, /^postseal: --to \(number 2\): /);
  assert.equal(impostor.transcript.connections.length, 0);
});

test("refused recipients exit 69", async () => {
  const { code, stderr } = await send(refusing("550 5.7.1 Not here"));
  assert.equal(code, 69);
  assert.match(stderr, /550 5\.7\.1 Not here/);
});

test("a message over the server's SIZE exits 69", async () => {
  const capabilities = sealedCapabilities.map((line) => (line.startsWith("SIZE") ? "SIZE 100" : line));
  const { code, stderr } = await send({ tls: { capabilities } });
  assert.equal(code, 69);
  assert.match(stderr, /MAIL_MESSAGE_TOO_LARGE/);
});

test("a connection that ends before the final reply exits 74, and says that sending again may deliver twice", async () => {
  const { code, stdout, stderr } = await send({ tls: { on: { final: [{ do: "close" }] } } });
  assert.equal(code, 74);
  assert.equal(stdout, "");
  assert.match(stderr, /MAIL_OUTCOME_UNKNOWN; exit 74; sending it again may deliver it twice/);
});

test("recipients that are deferred exit 75", async () => {
  assert.equal((await send(refusing("450 4.2.1 Greylisted"))).code, 75);
});

test("a server that cannot be reached exits 75", async () => {
  const impostor = await serve();
  await impostor[Symbol.asyncDispose]();
  using desk = new Desk();
  const { code, stderr } = await postseal(["verify", ...to(impostor, desk)]);
  assert.equal(code, 75);
  assert.match(stderr, /MAIL_NETWORK_CONNECT/);
});

test("454 to STARTTLS exits 75, and any other refusal of it 76", async () => {
  assert.equal((await send(answering("454 4.7.0 TLS not available"))).code, 75);
  assert.equal((await send(answering("502 5.5.1 Not implemented"))).code, 76);
});

test("a stripped STARTTLS exits 76 with an explanation, and only EHLO was said in the clear", async () => {
  using desk = new Desk();
  const capabilities = [...clearCapabilities.filter((line) => line !== "STARTTLS"), "AUTH PLAIN LOGIN"];
  await using impostor = await serve({ clear: { capabilities } });
  const { code, stdout, stderr } = await postseal(["send", ...to(impostor, desk), ...message]);
  assert.equal(code, 76);
  assert.equal(stdout, "");
  assert.match(stderr, /did not offer STARTTLS, so nothing was sent: no password, no recipient, no message/);
  assert.match(stderr, /may be removing the offer \(STRIPTLS\)/);
  await impostor.settled();
  const said = impostor.transcript.connections.flatMap(({ entries }) => entries).filter(({ by }) => by === "client");
  assert.equal(said.map((entry) => entry.text).join(""), "EHLO [127.0.0.1]\r\n");
});

test("a certificate of another authority exits 76", async () => {
  const { code, stderr } = await send({ certificate: "unknownAuthority" });
  assert.equal(code, 76);
  assert.match(stderr, /did not prove that it is 127\.0\.0\.1/);
});

test("a server without the demanded post-quantum key exchange exits 76", async () => {
  const { code, stderr } = await send({ profile: "classical" }, ["--require-pq"]);
  assert.equal(code, 76);
  assert.match(stderr, /MAIL_TLS_/);
});

test("a refused login exits 77, even if the server repeats the password", async () => {
  assert.equal((await send({}, [], "another")).code, 77);
  const { code, stderr } = await send(
    { tls: { on: { AUTH: [{ do: "say", text: `535 5.7.8 ${canaries.password} is wrong\r\n` }] } } },
    ["--mechanism", "plain"],
  );
  assert.equal(code, 77);
  assert.match(stderr, /535 5\.7\.8 \[secret\] is wrong/);
});

test("a minimum that the server does not reach exits 77, and no login is tried", async () => {
  using desk = new Desk();
  await using impostor = await serve({ tls: { capabilities: ["AUTH PLAIN LOGIN"] } });
  const { code } = await postseal(["verify", ...to(impostor, desk), "--minimum", "scram"]);
  assert.equal(code, 77);
  await impostor.settled();
  const said = impostor.transcript.connections.flatMap(({ entries }) => entries).map(({ text }) => text);
  assert.ok(!said.join("").includes("AUTH PLAIN bG"), "a login was tried");
  assert.ok(!said.some((line) => line.startsWith("AUTH")), "a login was tried");
});

test("a file for an authority that cannot be read, or holds none, exits 78", async () => {
  using desk = new Desk();
  const server = ["verify", "--server", "submission://127.0.0.1:9"];
  assert.equal((await postseal([...server, "--ca", `${desk.folder}/none.pem`])).code, 78);
  assert.equal((await postseal([...server, "--ca", desk.file("empty.pem", "nothing")])).code, 78);
});
