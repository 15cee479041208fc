/**
 * The password, and the proofs that SCRAM and CRAM-MD5 make from it for one login, are in nothing that anybody sees, however
 * the server repeats them: no event, span, metric, error or crash.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { inspect, promisify } from "node:util";
import { canaries, createAuthority } from "@postseal/lab";
import { createMailer, type MailerOptions, type MechanismName, observe } from "@postseal/mailer";
import { cramDigest, type EchoServer, type Ending, mechanisms, startEchoServer } from "./echo-server.ts";
import { assertClean } from "./leaks.ts";
import { message } from "./stage.ts";
import { Telemetry } from "./telemetry.ts";

const { username, password } = canaries;
const authority = await createAuthority();
const client = await authority.issue({ usage: "client" });
const endings: readonly Ending[] = ["refused", "accepted", "challenged", "broken", "cut"];

for (const mechanism of mechanisms) {
  for (const ending of endings) {
    test(`${mechanism}, ${ending}: no event, span, metric or error holds a secret`, async () => {
      using telemetry = new Telemetry();
      await using server = await startEchoServer(authority, { mechanism, ending });
      const seen: unknown[] = [];
      const note = (event: unknown): unknown => seen.push(event);
      using _ = observe({
        "connection.opening": note,
        "connection.opened": note,
        "connection.sealed": note,
        "connection.authenticating": note,
        "connection.authenticated": note,
        "connection.closed": note,
        "conversation.command": note,
        "conversation.body": note,
        "conversation.reply": note,
        "message.begun": note,
        "message.concluded": note,
      });
      await using mailer = createMailer(
        { host: "127.0.0.1", port: server.port, transport: "implicit" },
        optionsFor(mechanism),
      );
      // Twice: on the second connection the server repeats what it heard on the first.
      for (let connection = 0; connection < 2; connection += 1) {
        const error: unknown = await mailer.verify().catch((reason: unknown) => reason);
        seen.push(error, error instanceof Error ? error.stack : "", JSON.stringify(error));
      }
      const error: unknown = await mailer.send(message).catch((reason: unknown) => reason);
      assert.ok(error instanceof Error, "the server accepted the message");
      await mailer.close();
      seen.push(error, error.stack, JSON.stringify(error), mailer);
      const spans = await telemetry.spans();
      assert.ok(spans.length > 1);
      seen.push(
        spans.map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links })),
      );
      seen.push(await telemetry.metrics());
      assertClean(
        inspect(seen, { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null }),
        server,
        client.key,
      );
    });
  }
}

test("a process that a subscriber of Node's channel ends in the middle of a login prints no secret", async () => {
  await using server = await startEchoServer(authority, { mechanism: "PLAIN", ending: "refused" });
  const crash: unknown = await watched(server.port, "subscribe").catch((error: unknown) => error);
  assert.ok(crash instanceof Error && "stderr" in crash && "stdout" in crash, "it did not crash");
  assertTold(`${String(crash.stdout)}${String(crash.stderr)}`, server);
});

test("a process whose observer throws in the middle of a login goes on, and its warning holds no secret", async () => {
  await using server = await startEchoServer(authority, { mechanism: "PLAIN", ending: "refused" });
  const { stdout, stderr } = await watched(server.port, "observe");
  assert.match(stderr, /\[POSTSEAL_OBSERVER\] PostsealWarning: The observer of conversation\.reply failed/);
  assertTold(stdout + stderr, server);
});

function watched(
  port: number,
  by: "observe" | "subscribe",
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const given = JSON.stringify({ port, ca: authority.certificate, by });
  const flags = process.execArgv.filter((flag) => flag.startsWith("--conditions"));
  const words = [...flags, new URL(import.meta.resolve("./crash.ts")).pathname, given];
  return promisify(execFile)(process.execPath, words);
}

function assertTold(printed: string, server: EchoServer): void {
  assert.match(printed, /the observer failed/);
  assert.match(printed, /AUTH PLAIN \[secret\]/);
  assertClean(printed, server);
}

test("the search finds the digest that CRAM-MD5 makes", async () => {
  await using server = await startEchoServer(authority, { mechanism: "CRAM-MD5", ending: "refused" });
  const options = optionsFor("CRAM-MD5");
  const mailer = createMailer({ host: "127.0.0.1", port: server.port, transport: "implicit" }, options);
  await assert.rejects(mailer.verify(), { code: "MAIL_AUTH_REFUSED" });
  assert.ok(server.responses.has(cramDigest));
  assert.throws(() => assertClean(`it is ${cramDigest}`, server), /is in/);
});

function optionsFor(mechanism: MechanismName): MailerOptions {
  const tls = { ca: { only: authority.certificate } };
  const options = { tls, auth: { mechanism } };
  if (mechanism === "EXTERNAL") {
    const clientCertificate = { cert: client.chain, key: client.key };
    return { ...options, credentials: { external: true }, tls: { ...tls, clientCertificate } };
  }
  const isToken = mechanism === "XOAUTH2" || mechanism === "OAUTHBEARER";
  return { ...options, credentials: isToken ? { username, accessToken: password } : { username, password } };
}
