/** What callers do to their own sends: each send still has its own receipt, and sends the octets that were checked. */
import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { connect } from "node:net";
import { Duplex } from "node:stream";
import { before, test } from "node:test";
import { AbortedError, createMailer, type Mailer, MailError, type MailerOptions, receiptOf } from "@postseal/mailer";
import {
  type Authority,
  canaries,
  createAuthority,
  HOST,
  type Impostor,
  sealedCapabilities,
  type Stage,
  startImpostor,
} from "@postseal/lab";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

function start(tls: Stage = {}): Promise<Impostor> {
  return startImpostor({ transport: "starttls", script: { tls } }, { authority });
}

function mailerTo(port: number, options: MailerOptions = {}): Mailer {
  return createMailer(
    { host: HOST, port },
    {
      credentials: { username: canaries.username, password: canaries.password },
      tls: { ca: { only: authority.certificate } },
      connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
      ...options,
    },
  );
}

const message = { from: canaries.sender, to: canaries.recipient, text: canaries.body };
const withData = sealedCapabilities.filter((line) => line !== "CHUNKING");

async function errorOf(sending: Promise<unknown>): Promise<MailError> {
  const error: unknown = await sending.catch((reason: unknown) => reason);
  assert.ok(error instanceof MailError, String(error));
  return error;
}

test("sends that share one signal have a receipt each, which says what may have been taken", async () => {
  await using silent = await start({ on: { final: [{ do: "stall" }] } });
  await using slow = await start({ on: { MAIL: [{ do: "stall" }], EHLO: [{ do: "stall" }] } });
  await using first = mailerTo(silent.port);
  await using second = mailerTo(slow.port);
  const shutdown = new AbortController();
  const reason = new Error("shutting down");
  const sending = [
    errorOf(first.send({ ...message, to: "taken@x.example" }, { signal: shutdown.signal })),
    errorOf(first.send({ ...message, to: "queued@x.example" }, { signal: shutdown.signal })),
    errorOf(second.send({ ...message, to: "other@x.example" }, { signal: shutdown.signal })),
  ];
  await Promise.all([silent.attacked(), slow.attacked()]);
  shutdown.abort(reason);
  const errors = await Promise.all(sending);
  for (const error of errors)
    assert.ok(error instanceof AbortedError && error.cause === reason && error.name === "AbortError");
  assert.deepEqual(
    errors.map((error) => receiptOf(error)?.recipients.map(({ address, outcome }) => `${address} ${outcome}`)),
    [["taken@x.example unknown"], ["queued@x.example unsent"], ["other@x.example unsent"]],
  );
  assert.deepEqual(
    errors.map(({ disposition }) => disposition),
    ["ask", "retry", "retry"],
  );
});

test("a source that reuses its buffer is sent as it was when it was checked", async () => {
  await using impostor = await start({ capabilities: withData });
  await using mailer = mailerTo(impostor.port);
  const memory = Buffer.alloc(64);
  async function* source(): AsyncGenerator<Uint8Array> {
    for (const line of ["From: s@x.example\r\n\r\n", "line one\r\n", "line two\r\n"])
      yield memory.subarray(0, memory.write(line));
  }
  await mailer.send({ envelope: { from: canaries.sender, to: canaries.recipient }, message: source });
  assert.equal(impostor.transcript.messages[0]?.body, "From: s@x.example\r\n\r\nline one\r\nline two\r\n");
});

test("a stream that fails before it is read fails its send and does not end the process", async () => {
  await using impostor = await start();
  await using mailer = mailerTo(impostor.port);
  const attachments = [{ filename: "x", source: createReadStream("/nonexistent/file") }];
  const error = await errorOf(mailer.send({ ...message, attachments }));
  assert.match(error.code, /^MAIL_INPUT_/);
  assert.equal(error.receipt?.recipients[0]?.outcome, "unsent");
});

for (const [name, text] of [
  ["small", canaries.body],
  ["long", "x\n".repeat(100_000)],
] as const) {
  test(`progress ends at the length of the message (${name})`, async () => {
    await using impostor = await start({ capabilities: withData });
    await using mailer = mailerTo(impostor.port);
    const told: (readonly [number, number | undefined])[] = [];
    await mailer.send({ ...message, text }, { progress: (sent, total) => told.push([sent, total]) });
    const [sent, total] = told.at(-1) ?? [0, 1];
    assert.equal(sent, total);
    assert.ok(told.every(([one]) => one <= (total ?? 0)));
  });

  test(`a progress function that throws ends its send before anything is taken (${name})`, async () => {
    await using impostor = await start();
    await using mailer = mailerTo(impostor.port);
    const progress = (): never => {
      throw new Error("a mistake");
    };
    const error = await errorOf(mailer.send({ ...message, text }, { progress }));
    assert.equal(error.receipt?.recipients[0]?.outcome, "unsent");
    await mailer.close();
    await impostor.settled();
    assert.equal(impostor.transcript.messages.length, 0);
  });
}

test("a message that is refused while its body is sent is refused for good", async () => {
  await using impostor = await start({
    capabilities: withData,
    on: {
      DATA: [
        { do: "say", text: "354 go\r\n" },
        { do: "wait", milliseconds: 50 },
        { do: "say", text: "552 5.3.4 Too big\r\n" },
      ],
    },
  });
  await using mailer = mailerTo(impostor.port);
  const stop = new AbortController();
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("From: s@x.example\r\n\r\n");
    await new Promise((resolve) => stop.signal.addEventListener("abort", resolve));
  }
  const error = await errorOf(
    mailer.send({ envelope: { from: canaries.sender, to: canaries.recipient }, message: source }),
  );
  stop.abort();
  assert.deepEqual([error.code, error.disposition], ["MAIL_REFUSED", "give-up"]);
});

test("a credentials function that fails, or never answers, fails the send with a receipt of its own", async () => {
  await using impostor = await start();
  const constant = new Error("no keyring");
  await using failing = mailerTo(impostor.port, { credentials: () => Promise.reject(constant) });
  const errors = [
    await errorOf(failing.send(message)),
    await errorOf(failing.send({ ...message, to: "other@x.example" })),
  ];
  assert.deepEqual(
    errors.map((error) => [error.code, error.cause, error.receipt?.recipients[0]?.address]),
    [
      ["MAIL_AUTH_CREDENTIALS", constant, canaries.recipient],
      ["MAIL_AUTH_CREDENTIALS", constant, "other@x.example"],
    ],
  );
  await using silent = mailerTo(impostor.port, { credentials: () => new Promise(() => {}), timeouts: { auth: 50 } });
  assert.equal((await errorOf(silent.send(message))).code, "MAIL_NETWORK_TIMEOUT");
});

test("a tunnel that breaks in the handshake is a lost connection, not a bad certificate", async () => {
  const broken = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      done();
      this.destroy(new Error("tunnel broke"));
    },
  });
  await using mailer = createMailer({ host: HOST, transport: "implicit" }, { connect: async () => broken });
  assert.equal((await errorOf(mailer.send(message))).code, "MAIL_NETWORK_LOST");
});

test("a stream from a connect function that has ended already fails the send at once", async () => {
  const ended = new Duplex({ read() {}, write() {} });
  ended.destroy();
  await using mailer = createMailer({ host: HOST }, { connect: async () => ended });
  assert.equal((await errorOf(mailer.send(message))).code, "MAIL_NETWORK_CONNECT");
});

test("a client certificate needs TLS 1.3, since TLS 1.2 would show it to anybody on the path", async () => {
  const issued = await authority.issue({ usage: "client" });
  const clientCertificate = { cert: issued.chain, key: issued.key };
  const tls = { ca: { only: authority.certificate }, clientCertificate };
  await using impostor = await startImpostor(
    { transport: "implicit", script: { profile: "tls12" } },
    { authority, requestCertificate: true },
  );
  await using mailer = createMailer(
    { host: HOST, port: impostor.port, transport: "implicit" },
    { tls, connect: async (target) => connect({ host: "127.0.0.1", port: target.port }) },
  );
  assert.equal((await errorOf(mailer.send(message))).code, "MAIL_TLS_POLICY");
  assert.throws(() => mailerTo(587, { tls: { ...tls, minVersion: "TLSv1.2" } }), { field: "tls.minVersion" });
});
