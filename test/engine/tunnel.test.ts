/** What a caller's `connect` may return: the send and close() end, and nothing ends the process. */
import assert from "node:assert/strict";
import { Duplex, duplexPair, Readable } from "node:stream";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { fates, letter, rigWith, stepwise, wordOf } from "./client.ts";

for (const [what, make] of [
  ["an object", () => ({})],
  ["an object whose destroy is no function", () => ({ destroy: true })],
  ["a number", () => 587],
  ["nothing", () => undefined],
  ["a stream in one direction", () => Readable.from([])],
  ["a stream that has ended", () => duplexPair()[0].destroy()],
] as const) {
  test(`connect that returns ${what} fails the send`, async () => {
    // @ts-expect-error no stream in both directions
    const { mailer } = await rigWith({ capabilities: stepwise }, { connect: async () => make() });
    const word = await wordOf(mailer.send(letter("a")));
    assert.equal(word.error?.code, "MAIL_NETWORK_CONNECT");
    assert.deepEqual(fates([word]), ["unsent"]);
    await mailer.close();
  });
}

test("a stream that comes after its attempt was given up is destroyed, and its error ends nothing", async () => {
  const late = new Duplex({ read() {}, write() {}, destroy: (_, done) => done(new Error("the tunnel broke")) });
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Duplex>();
  const { mailer } = await rigWith(
    { capabilities: stepwise },
    {
      connect: () => {
        asked.resolve();
        return answer.promise;
      },
    },
  );
  const abort = new AbortController();
  const sending = wordOf(mailer.send(letter("a"), { signal: abort.signal }));
  await asked.promise;
  abort.abort();
  assert.equal((await sending).error?.code, "MAIL_ABORTED");
  // Not by `once` of node:events, which takes the error.
  const closed = new Promise((resolve) => late.on("close", resolve));
  answer.resolve(late);
  await closed;
  // An error that nobody takes would come before this.
  await turn();
  assert.ok(late.destroyed);
  await mailer.close();
});

for (const [what, make] of [
  ["text", (octets: Duplex) => octets.setEncoding("utf8")],
  [
    "objects",
    () =>
      new Duplex({
        objectMode: true,
        read() {
          this.push({});
        },
        write() {},
      }),
  ],
] as const) {
  for (const transport of ["starttls", "implicit"] as const) {
    test(`a stream that gives ${what} fails the send, and the connection ends (${transport})`, async () => {
      const { server } = await rigWith({ capabilities: stepwise }, { transport });
      const streams: Duplex[] = [];
      const connect = async (): Promise<Duplex> => {
        const stream = make(server.connect());
        streams.push(stream);
        return stream;
      };
      const { mailer } = await rigWith({ capabilities: stepwise }, { transport, connect });
      const word = await wordOf(mailer.send(letter("a")));
      assert.equal(word.error?.code, "MAIL_NETWORK_LOST");
      assert.deepEqual(fates([word]), ["unsent"]);
      await mailer.close();
      assert.ok(streams.every(({ destroyed }) => destroyed));
    });
  }
}
