/** What observers see of a whole session: every event in order, with its side (clear or sealed), and no secret. */
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { test } from "node:test";
import { canaries, HOST } from "@postseal/lab";
import { type DiagnosticsEvents, observe } from "@postseal/mailer";
import { mailerFor, message, serve } from "./stage.ts";

const { sender, recipient } = canaries;

test("a session by STARTTLS, from its first to its last octet", async () => {
  await using impostor = await serve({
    clear: { capabilities: ["SIZE 1000", "STARTTLS"] },
    tls: { capabilities: ["AUTH PLAIN", "SIZE 1000000"] },
  });
  const { lines } = await overhear(async () => {
    await using mailer = mailerFor(impostor);
    await mailer.send(message);
  });
  assert.deepEqual(
    lines.map((line) => line.replace(/\d{2,} octets/, "N octets").replace(/SIZE=\d+/, "SIZE=N")),
    [
      "clear   opening",
      "clear   opened",
      `clear   < 220 ${HOST} ESMTP`,
      "clear   > EHLO [127.0.0.1]",
      `clear   < 250 ${HOST} | SIZE 1000 | STARTTLS`,
      "clear   > STARTTLS",
      "clear   < 220 2.0.0 Ready to start TLS",
      "sealed  sealed",
      "sealed  > EHLO [127.0.0.1]",
      `sealed  < 250 ${HOST} | AUTH PLAIN | SIZE 1000000`,
      "sealed  authenticating",
      "sealed  > AUTH PLAIN [secret]",
      "sealed  < 235 2.7.0 Accepted",
      "sealed  authenticated PLAIN",
      `sealed  > MAIL FROM:<${sender}> SIZE=N`,
      "sealed  < 250 2.1.0 Ok",
      `sealed  > RCPT TO:<${recipient}>`,
      "sealed  < 250 2.1.5 Ok",
      "sealed  > DATA",
      "sealed  < 354 End data with <CR><LF>.<CR><LF>",
      "sealed  > (dot, N octets)",
      "sealed  < 250 2.0.0 Ok: queued",
      "sealed  > QUIT",
      "sealed  < 221 2.0.0 Bye",
      "sealed  closed",
    ],
  );
});

test("with implicit TLS nothing but the opening of the connection is clear", async () => {
  await using impostor = await serve({}, "implicit");
  const { lines } = await overhear(() => mailerFor(impostor, {}, "implicit").verify());
  const clear = lines.filter((line) => line.startsWith("clear"));
  assert.deepEqual(clear, ["clear   opening", "clear   opened"]);
  assert.ok(lines.includes(`sealed  < 220 ${HOST} ESMTP`));
});

test("an observer sees the length of a long message that was streamed", async () => {
  await using impostor = await serve({ tls: { capabilities: ["CHUNKING", "PIPELINING"] } });
  const octets = 300_000;
  const line = `${"x".repeat(70)}\r\n`;
  const raw = Buffer.from(`From: ${sender}\r\n\r\n${line.repeat(octets / 72)}`);
  const { lines } = await overhear(async () => {
    await using mailer = mailerFor(impostor, { credentials: undefined });
    await mailer.send({ envelope: { from: sender, to: recipient }, message: raw });
  });
  assert.ok(lines.includes(`sealed  > (bdat, ${raw.length} octets)`), lines.join("\n"));
});

test("a stripped STARTTLS closes the connection on the clear side, with the error that the caller gets", async () => {
  await using impostor = await serve({ clear: { capabilities: ["AUTH PLAIN"] } });
  const closed: unknown[] = [];
  using _ = observe({ "connection.closed": ({ side, error }) => closed.push([side, error]) });
  const error: unknown = await mailerFor(impostor)
    .verify()
    .catch((reason: unknown) => reason);
  assert.ok(error instanceof Error && "code" in error && error.code === "MAIL_TLS_NOT_OFFERED", String(error));
  assert.deepEqual(closed, [["clear", error]]);
});

test("a connection that could not be opened is reported as closed, and so is one whose handshake failed", async () => {
  const gone = await serve();
  await gone[Symbol.asyncDispose]();
  await using stranger = await serve({ certificate: "unknownAuthority" });
  for (const [impostor, code] of [
    [gone, "MAIL_NETWORK_CONNECT"],
    [stranger, "MAIL_TLS_UNVERIFIED"],
  ] as const) {
    const { lines } = await overhear(() => assert.rejects(mailerFor(impostor).verify()));
    assert.equal(lines.filter((line) => line.includes("closed")).join(), `clear   closed ${code}`);
  }
});

test("an unsolicited reply is reported before it ends the session", async () => {
  const text = "250 2.1.0 Ok\r\n250 twice\r\n";
  await using impostor = await serve({ tls: { capabilities: ["AUTH PLAIN"], on: { MAIL: [{ do: "say", text }] } } });
  const { lines } = await overhear(async () => {
    await using mailer = mailerFor(impostor);
    await assert.rejects(mailer.send(message));
  });
  const at = lines.indexOf("sealed  < 250 twice");
  assert.match(lines[at + 1] ?? "", /^sealed {2}closed MAIL_PROTOCOL_/);
});

test("observers see the same fate of a message as its caller", async () => {
  await using impostor = await serve({ tls: { on: { RCPT: [{ do: "say", text: "550 5.1.1 Nobody\r\n" }] } } });
  const told: unknown[] = [];
  const begun: number[] = [];
  using _ = observe({
    "message.begun": (event) => begun.push(event.message),
    "message.concluded": (event) => told.push([event.message, event.error, event.receipt]),
  });
  await using mailer = mailerFor(impostor);
  const refused: unknown = await mailer.send(message).catch((reason: unknown) => reason);
  assert.ok(refused instanceof Error && "receipt" in refused);
  const hostile: unknown = await mailer.send({ ...message, to: "a\r\nb@x.example" }).catch((reason: unknown) => reason);
  assert.deepEqual(told, [
    [begun[0], refused, refused.receipt],
    [begun[1], hostile, undefined],
  ]);
});

test("the channels have the documented names", async () => {
  await using impostor = await serve();
  const seen = new Set<string>();
  const listener = (_: unknown, name: string | symbol): unknown => seen.add(String(name));
  const names = ["connection.sealed", "conversation.reply", "message.concluded"].map((name) => `postseal.v1.${name}`);
  for (const name of names) subscribe(name, listener);
  await using mailer = mailerFor(impostor);
  await mailer.send(message);
  for (const name of names) unsubscribe(name, listener);
  assert.deepEqual([...seen].toSorted(), names.toSorted());
});

/** All events while it runs, one line each. */
async function overhear(run: () => Promise<unknown>): Promise<{ readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const note = (event: DiagnosticsEvents["connection.opened"], what: string): void => {
    lines.push(`${event.side.padEnd(7)} ${what}`);
  };
  using _ = observe({
    "connection.opening": (event) => note(event, "opening"),
    "connection.opened": (event) => note(event, "opened"),
    "connection.sealed": (event) => note(event, "sealed"),
    "connection.authenticating": (event) => note(event, "authenticating"),
    "connection.authenticated": (event) => note(event, `authenticated ${event.mechanism}`),
    "connection.closed": (event) => note(event, `closed ${codeOf(event.error)}`.trim()),
    "conversation.command": (event) => note(event, `> ${event.text}`),
    "conversation.body": (event) => note(event, `> (${event.framing}, ${event.octets} octets)`),
    "conversation.reply": (event) => note(event, `< ${event.code} ${event.lines.join(" | ")}`),
  });
  await run();
  return { lines };
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
