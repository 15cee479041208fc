/** A server that offers CHUNKING, refuses BDAT and does not read the chunk: what is proved unsent is sent again, by DATA. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertTruth, burst, byBdat, fates, letter, rigWith, wordOf } from "./client.ts";
import type { Behaviour, Fault } from "./behaviour.ts";

function refusing(fault: Fault, from: number): Behaviour["fault"] {
  return (moment, count) => (moment === "BDAT" && count >= from ? fault : undefined);
}

for (const delivery of ["replies", "ticks", "octets", "turns"] as const) {
  for (const fault of ["500 unread", "502 unread"] as const) {
    test(`${fault}: the message is sent again by DATA, and so are all after it (${delivery})`, async () => {
      const { server, mailer } = await rigWith(
        { capabilities: byBdat, delivery, fault: refusing(fault, 1) },
        { pool: { connections: 1 } },
      );
      const words = [await wordOf(mailer.send(letter("a"))), ...(await burst(mailer, "m", 5))];
      await mailer.close();
      assert.deepEqual(assertTruth(words, server), []);
      assert.deepEqual([...new Set(fates(words))], ["accepted"]);
      assert.equal(server.connections.length, 2);
      const said = server.connections.map(({ heard }) => heard).join("");
      assert.equal(said.match(/^BDAT/gm)?.length, 1, "the refusal is remembered");
    });

    test(`${fault} with others in flight: their outcomes are true, and there is no second copy (${delivery})`, async () => {
      const { server, mailer } = await rigWith(
        { capabilities: byBdat, delivery, fault: refusing(fault, 10) },
        { pool: { connections: 1 } },
      );
      const words = [...(await burst(mailer, "w", 8)), ...(await burst(mailer, "m", 6))];
      await mailer.close();
      assert.deepEqual(assertTruth(words, server), []);
      // The refused one is sent again; those after it were written, and are in doubt.
      assert.equal(fates(words)[9], "accepted");
    });
  }

  for (const fault of ["503 unread", "554 unread"] as const) {
    test(`${fault}: every outcome is true, whatever the server answers to the lines of the chunk (${delivery})`, async () => {
      const { server, mailer } = await rigWith(
        { capabilities: byBdat, delivery, fault: refusing(fault, 10) },
        { pool: { connections: 1 } },
      );
      const words = [...(await burst(mailer, "w", 8)), ...(await burst(mailer, "m", 6))];
      await mailer.close();
      assert.deepEqual(assertTruth(words, server), []);
    });
  }
}

test("chunking: false avoids BDAT from the start", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat }, { chunking: false });
  const words = await burst(mailer, "m", 5);
  await mailer.close();
  assert.deepEqual([...new Set(fates(words))], ["accepted"]);
  for (const { heard } of server.connections) assert.doesNotMatch(heard, /^BDAT/m);
});

test("a message that can be read only once goes by DATA, so a server that refuses BDAT takes it", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat, fault: refusing("502 unread", 1) });
  async function* once(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(letter("a").message);
  }
  const { envelope, message } = letter("a");
  const words = [
    await wordOf(mailer.send({ envelope, message: once() })),
    await wordOf(mailer.send({ ...letter("b"), message: Buffer.from(message.replaceAll("a@", "b@")) })),
  ];
  await mailer.close();
  assert.deepEqual(assertTruth(words, server), []);
  assert.deepEqual(fates(words), ["accepted", "accepted"], "a stream has no size, so it goes by DATA anyway");
});
