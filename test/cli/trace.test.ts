/** --trace prints the conversation on standard error, and marks each line as clear or sealed in words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canaries, HOST } from "@postseal/lab";
import { Desk, message, postseal, serve, to } from "./command.ts";

const capabilities = ["AUTH PLAIN", "PIPELINING", "SIZE 1000000", "CHUNKING"];

test("send --trace prints the whole conversation line by line, and standard output has the receipt alone", async () => {
  using desk = new Desk();
  await using impostor = await serve({ clear: { capabilities: ["STARTTLS"] }, tls: { capabilities } });
  const { code, stdout, stderr } = await postseal(["send", ...to(impostor, desk), ...message, "--trace"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^accepted /);
  assert.deepEqual(untimed(stderr), [
    `clear  -- connecting to 127.0.0.1 port ${impostor.port}, to be sealed by STARTTLS`,
    "clear  -- connected",
    `clear  S: 220 ${HOST} ESMTP`,
    "clear  C: EHLO [127.0.0.1]",
    `clear  S: 250-${HOST}`,
    "clear  S: 250 STARTTLS",
    "clear  C: STARTTLS",
    "clear  S: 220 2.0.0 Ready to start TLS",
    "sealed -- TLSv1.3, TLS_AES_256_GCM_SHA384, X25519MLKEM768; 127.0.0.1 verified by chain and name",
    "sealed C: EHLO [127.0.0.1]",
    `sealed S: 250-${HOST}`,
    "sealed S: 250-AUTH PLAIN",
    "sealed S: 250-PIPELINING",
    "sealed S: 250-SIZE 1000000",
    "sealed S: 250 CHUNKING",
    "sealed C: AUTH PLAIN [secret]",
    "sealed S: 235 2.7.0 Accepted",
    "sealed -- logged in by PLAIN",
    `sealed C: MAIL FROM:<${canaries.sender}> SIZE=N`,
    `sealed C: RCPT TO:<${canaries.recipient}>`,
    "sealed C: BDAT N LAST (the message, N octets, not shown)",
    "sealed S: 250 2.1.0 Ok",
    "sealed S: 250 2.1.5 Ok",
    "sealed S: 250 2.0.0 Ok: queued",
    "sealed C: QUIT",
    "sealed S: 221 2.0.0 Bye",
    "sealed -- closed",
  ]);
});

test("verify --trace shows how far a stripped session came, and standard output has the JSON alone", async () => {
  using desk = new Desk();
  await using impostor = await serve({ clear: { capabilities: ["AUTH PLAIN"] } });
  const { code, stdout, stderr } = await postseal(["verify", ...to(impostor, desk), "--trace", "--json"]);
  assert.equal(code, 76);
  assert.match(stdout, /^\{.*MAIL_TLS_NOT_OFFERED/);
  const lines = untimed(stderr);
  assert.equal(lines.at(-1), "clear  -- closed: MAIL_TLS_NOT_OFFERED");
  assert.ok(lines.every((line) => line.startsWith("clear ")));
});

test("what a server says cannot act on the terminal", async () => {
  using desk = new Desk();
  const hostile = "454 4.7.0 \u001b[2J\u001b]0;owned\u0007 no\r\n";
  await using impostor = await serve({ clear: { on: { STARTTLS: [{ do: "say", text: hostile }] } } });
  const { stderr } = await postseal(["verify", ...to(impostor, desk), "--trace"]);
  assert.match(stderr, /clear {2}S: 454 4\.7\.0 \\x1b\[2J\\x1b\]0;owned\\x07 no$/m);
  assert.doesNotMatch(stderr, /[\u0007\u001b]/);
});

test("NO_COLOR turns off the colours and leaves the words", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const verify = ["verify", ...to(impostor, desk), "--trace"];
  const coloured = await postseal(verify, { environment: { FORCE_COLOR: "1" } });
  const plain = await postseal(verify, { environment: { NO_COLOR: "1" } });
  assert.match(coloured.stderr, /\u001b\[33mclear \u001b\[39m -- /);
  assert.match(coloured.stderr, /\u001b\[32msealed\u001b\[39m -- /);
  assert.doesNotMatch(plain.stderr, /\u001b/);
  assert.match(plain.stderr, /^ *\d+\.\d{3} sealed -- closed$/m);
});

/** The lines without their times, and without numbers that depend on the day. */
function untimed(stderr: string): readonly string[] {
  return stderr
    .trimEnd()
    .split("\n")
    .map((line) =>
      line
        .replace(/^ *\d+\.\d{3} /, "")
        .replaceAll(/\b\d+ (LAST|octets)|(?<==)\d+$/g, (_, unit?: string) => `N ${unit ?? ""}`.trim()),
    );
}
