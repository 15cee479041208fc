/** A surplus or missing reply while a message is refused: nothing is "accepted" that the server did not take. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertTruth, burst, byBdat, fates, letter, rigWith, wordOf } from "./client.ts";
import type { Fault, Moment } from "./behaviour.ts";

/** What the first connection does wrong, by moment and count. */
type Misdeeds = Readonly<Partial<Record<`${Moment} ${number}`, Fault>>>;

/** Several messages in flight at once, on a server that gives enhanced status codes, as most do. */
async function assertTruthUnder(misdeeds: Misdeeds, delivery: "replies" | "ticks" | "octets" | "turns"): Promise<void> {
  const met: Set<string> = new Set();
  const { server, mailer } = await rigWith(
    (index) => ({
      capabilities: byBdat,
      enhanced: true,
      delivery,
      fault: (moment, count) => {
        const fault = index === 0 ? misdeeds[`${moment} ${count}`] : undefined;
        if (fault !== undefined) met.add(`${moment} ${count}`);
        return fault;
      },
    }),
    { pool: { connections: 1 }, timeouts: { finalReply: 100, envelope: 100 } },
  );
  const words = [...(await burst(mailer, "w", 8)), ...(await burst(mailer, "m", 6))];
  await mailer.close();
  assert.deepEqual(
    assertTruth(words, server).filter((excuse) => excuse !== "left a reply out"),
    [],
  );
  assert.deepEqual([...met].toSorted(), Object.keys(misdeeds).toSorted(), "every misdeed was met");
}

const cases: Readonly<Record<string, Misdeeds>> = {
  "MAIL is answered twice, and its message refused": { "MAIL 10": "twice", "BDAT 10": "550" },
  "MAIL is answered twice, the second later, and its message refused": { "MAIL 10": "twice, later", "BDAT 10": "550" },
  "RCPT is answered twice, and its message refused": { "RCPT 10": "twice", "BDAT 10": "550" },
  "RCPT is answered twice, the second later, and its message refused": { "RCPT 10": "twice, later", "BDAT 10": "550" },
  "a message is answered twice, and the next one refused": { "BDAT 10": "twice", "BDAT 11": "550" },
  "a message is answered twice, the second later, and the next one refused": {
    "BDAT 10": "twice, later",
    "BDAT 11": "550",
  },
  "RSET is answered twice, and its message refused": { "RSET 3": "twice", "BDAT 5": "550" },
  "MAIL and RCPT are both answered twice, and the message refused": {
    "MAIL 10": "twice",
    "RCPT 10": "twice",
    "BDAT 10": "552",
  },
  "RSET is not answered, and the next message refused": { "RSET 3": "left out", "BDAT 6": "550" },
  "MAIL is not answered, and its message refused": { "MAIL 10": "left out", "BDAT 10": "550" },
};
for (const [name, misdeeds] of Object.entries(cases)) {
  for (const delivery of ["replies", "ticks", "octets", "turns"] as const) {
    test(`${name}: every outcome is true (${delivery})`, async () => {
      await assertTruthUnder(misdeeds, delivery);
    });
  }
}

test("421 to one recipient, and a server that goes on: the end of the connection then proves nothing", async () => {
  for (const by of ["close", "reset", "garbage"] as const) {
    const { server, mailer } = await rigWith(
      (index) =>
        index > 0
          ? { capabilities: byBdat }
          : {
              capabilities: byBdat,
              fault: (moment, count) => (moment === "RCPT" && count === 10 ? "421" : undefined),
              // The client reads the refusal, but not the reply to the message.
              cut: { of: "server", from: "m1@x.example", after: "250 flushed\r\n250 ok\r\n421 because\r\n".length, by },
            },
      { pool: { connections: 1 } },
    );
    await burst(mailer, "w", 8);
    const words = await Promise.all([
      wordOf(mailer.send(letter("m0"))),
      wordOf(mailer.send(letter("m1", ["refused-m1@x.example"]))),
      wordOf(mailer.send(letter("m2", ["one-m2@x.example", "two-m2@x.example"]))),
    ]);
    await mailer.close();
    assert.deepEqual(assertTruth(words, server), [], by);
  }
});

test("421 to MAIL, and then a reset: what was written after it is in doubt, and is not sent again", async () => {
  const { server, mailer } = await rigWith(
    (index) =>
      index > 0
        ? { capabilities: byBdat }
        : {
            capabilities: byBdat,
            fault: (moment, count) => (moment === "MAIL" && count === 10 ? "421" : undefined),
            cut: { of: "server", from: "m1@x.example", after: "421 because\r\n".length, by: "reset" },
          },
    { pool: { connections: 1 } },
  );
  await burst(mailer, "w", 8);
  const words = await burst(mailer, "m", 6);
  await mailer.close();
  assert.deepEqual(assertTruth(words, server), []);
  assert.ok(fates(words).includes("unknown"), fates(words).join());
});
