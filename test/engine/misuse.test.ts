/** A caller's mistakes and odd timing cost no other caller a message, and nothing hangs. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { AuthenticationError, connect, connectSealed, type Message, receiptOf } from "@postseal/mailer";
import { assertTruth, byBdat, byData, fates, letter, rigWith, wordOf } from "./client.ts";

test("what is no signal is refused, and close() does not wait for its send", async () => {
  const { mailer } = await rigWith({ capabilities: byBdat });
  // @ts-expect-error the controller instead of its signal, a common mistake
  await assert.rejects(mailer.send(letter("a"), { signal: new AbortController() }), {
    code: "MAIL_INPUT_OPTION",
    field: "signal",
  });
  await mailer.close();
});

test("what is no signal is refused by every function that connects, before anything connects", async () => {
  const wanted = { code: "MAIL_INPUT_OPTION", field: "signal" };
  const options = { connect: () => assert.fail("it connected"), signal: new AbortController() };
  // @ts-expect-error the controller instead of its signal, a common mistake
  await assert.rejects(connect("submission://mx.example", options), wanted);
  // @ts-expect-error the same
  await assert.rejects(connectSealed("submission://mx.example", options), wanted);
});

for (const [way, capabilities] of [
  ["BDAT", byBdat],
  ["DATA", byData],
] as const) {
  for (const [what, change] of [
    // As if it were given to a worker.
    ["given away", (memory: ArrayBuffer) => structuredClone(memory, { transfer: [memory] })],
    ["made shorter", (memory: ArrayBuffer) => memory.resize(10)],
  ] as const) {
    test(`a message whose memory is ${what} before it is sent is not sent, and the next one is: ${way}`, async () => {
      const { server, mailer } = await rigWith({ capabilities });
      const memory = new ArrayBuffer(30_000, { maxByteLength: 30_000 });
      const content = new Uint8Array(memory);
      const message: Message = { from: "c@x.example", to: "to-c@x.example", attachments: [{ content }] };
      const sending = wordOf(mailer.send(message));
      // By then the message is composed, and there is no connection yet.
      for (let tick = 0; tick < 10; tick += 1) await Promise.resolve();
      change(memory);
      const words = [await sending, await wordOf(mailer.send(letter("next")))];
      assertTruth(words, server);
      assert.deepEqual(fates(words), ["unsent", "accepted"]);
      assert.equal(words[0]?.error?.code, "MAIL_INPUT_MESSAGE");
      await mailer.close();
    });
  }
}

test("a signal that many messages share gets at most three listeners", async () => {
  const { mailer } = await rigWith({ capabilities: byBdat }, { pool: { connections: 1, window: 1 } });
  const { signal } = new AbortController();
  const sending = Array.from({ length: 50 }, (_, index) => mailer.send(letter(`m${index}`), { signal }));
  assert.ok(getEventListeners(signal, "abort").length <= 3);
  await Promise.all(sending);
  await mailer.close();
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

for (const ticks of [0, 1, 2, 3, 5, 8]) {
  test(`a message that is given ${ticks} ticks into close(), between attempts to connect, gets its outcome`, async () => {
    const { mailer } = await rigWith({ capabilities: byBdat, greeting: "554" });
    await wordOf(mailer.send(letter("a")));
    await wordOf(mailer.send(letter("b")));
    const closing = mailer.close();
    for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
    const late = wordOf(mailer.send(letter("late")));
    await closing;
    assert.deepEqual(fates([await late]), ["unsent"]);
    await mailer.close();
  });
}

test("a stream that can be read once is not sent in parts", async () => {
  const capabilities = [...byBdat, "LIMITS RCPTMAX=2"];
  const { server, mailer } = await rigWith({ capabilities });
  async function* once(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("From: s@x.example\r\n\r\ntext\r\n");
  }
  const envelope = { from: "s@x.example", to: ["a-s@x.example", "b-s@x.example", "c-s@x.example"] };
  const word = await wordOf(mailer.send({ envelope, message: once() }));
  assert.equal(word.error?.code, "MAIL_CAPABILITY_MISSING");
  assert.deepEqual(fates([word]), ["unsent"]);
  assert.deepEqual(server.taken, []);
  await mailer.close();
});

test("DSN options that are changed after the call change nothing", async () => {
  const { server, mailer } = await rigWith({ capabilities: [...byBdat, "DSN"] });
  const notify: ("success" | "failure")[] = ["failure"];
  const dsn = { notify, envelopeId: "one" };
  const sending = mailer.send({ ...letter("a"), dsn });
  notify[0] = "success";
  dsn.envelopeId = "two";
  await sending;
  await mailer.close();
  assert.match(server.connections[0]?.heard ?? "", /ENVID=one\r\nRCPT TO:<[^>]+> NOTIFY=FAILURE\r\n/);
});

test("what has only a part of a signal's methods is refused: its listener could not be removed", async () => {
  const { mailer } = await rigWith({ capabilities: byBdat });
  const signal = { aborted: false, addEventListener: () => {} };
  // @ts-expect-error no whole signal
  await assert.rejects(mailer.send(letter("a"), { signal }), { code: "MAIL_INPUT_OPTION", field: "signal" });
  await mailer.send(letter("b"));
  await mailer.close();
});

test("an error that the credentials function throws again and again stays as it is, and each send has one of its own", async () => {
  const thrown: AuthenticationError = Object.freeze(new AuthenticationError("MAIL_AUTH_SIGN_IN", "Sign in again."));
  const { mailer } = await rigWith(
    { capabilities: [...byBdat, "AUTH PLAIN"] },
    {
      credentials: () => {
        throw thrown;
      },
    },
  );
  const words = await Promise.all([wordOf(mailer.send(letter("a"))), wordOf(mailer.send(letter("b")))]);
  assert.deepEqual(fates(words), ["unsent", "unsent"]);
  for (const { error, sender } of words) {
    assert.notEqual(error, thrown);
    assert.deepEqual([error?.code, error?.message, error?.receipt?.sender], [thrown.code, thrown.message, sender]);
  }
  await assert.rejects(mailer.verify(), (error) => receiptOf(error) === undefined);
  await mailer.close();
});

test("a message that throws while it is read has a result of its own in sendAll, and the others go", async () => {
  const { mailer } = await rigWith({ capabilities: byBdat });
  const lazy: Message = {
    from: "lazy@x.example",
    to: "to-lazy@x.example",
    get subject(): string {
      throw new Error("the database is away");
    },
  };
  const results = [];
  for await (const result of mailer.sendAll([letter("a"), lazy, letter("b")])) results.push(result);
  assert.equal(results.length, 3);
  const error = results.find(({ message }) => message === lazy)?.error;
  assert.deepEqual([error?.code, error?.cause instanceof Error], ["MAIL_INPUT_MESSAGE", true]);
  assert.equal(results.filter((one) => one.error === undefined).length, 2);
  await mailer.close();
});
