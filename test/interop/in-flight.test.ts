/**
 * Several messages in flight on one connection, written before any reply, and one of them meets trouble. Each is delivered
 * under its own sender or not at all, and its outcome is what the mailbox shows.
 */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { Mailer, ReadyMessage, Receipt } from "@postseal/mailer";
import { mailerFor, receiptOfSend } from "./client.ts";
import { deliveredWith, senderOf } from "./reader.ts";
import type { Server } from "./roster.ts";
import { startExim } from "./servers/exim.ts";
import { startHaraka } from "./servers/haraka.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { startPostfix } from "./servers/postfix.ts";
import type { ServerOptions } from "./servers/server.ts";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});
after(() => authority[Symbol.asyncDispose]());

const bob = "bob@example.test";
const SIZE_LIMIT = 100_000;
/** As many messages as open a connection's window to all of its eight places. */
const WARM_UP = 8;

interface Trouble {
  /** The local part. */
  readonly from?: string;
  readonly to?: readonly string[];
  readonly octets?: number;
  /** The outcome of each recipient. */
  readonly fate: readonly string[];
}

const troubles: Readonly<Record<string, Trouble>> = {
  "its sender refused": { from: "barred", fate: ["refused"] },
  "all of its recipients refused": {
    to: ["nouser1@example.test", "nouser2@example.test"],
    fate: ["refused", "refused"],
  },
  "its recipients greylisted": { to: ["greylist@example.test"], fate: ["deferred"] },
  "some of its recipients refused": {
    to: ["nouser@example.test", bob],
    fate: ["refused", "accepted"],
  },
  // By DATA: Exim does not answer BDAT before it has the body.
  "refused before its body": { from: "unheard", octets: 1_000, fate: ["refused"] },
  "larger than the server takes": { octets: SIZE_LIMIT * 2, fate: ["refused"] },
};

const servers: Readonly<Record<string, (options: ServerOptions) => Promise<Server>>> = {
  Postfix: startPostfix,
  Exim: startExim,
  Haraka: startHaraka,
};

for (const [name, start] of Object.entries(servers)) {
  suite(name, () => {
    let server: Server;
    before(async () => {
      server = await start({ authority, sizeLimit: SIZE_LIMIT });
    });
    after(() => server[Symbol.asyncDispose]());

    for (const [what, { from = "alice", to = [bob], octets, fate }] of Object.entries(troubles)) {
      test(`one of eight in flight with ${what}: its fate is true, and the others are delivered`, async () => {
        await using mailer = await warm(server);
        const subject = (index: number): string => `${what} ${index}.`;
        const sends = Array.from({ length: 8 }, (_, index) =>
          index === 2
            ? letter(`${from}2@example.test`, to, subject(index), octets)
            : letter(`alice${index}@example.test`, [bob], subject(index)),
        );
        const receipts = await Promise.all(sends.map((message) => receiptOfSend(mailer.send(message))));
        await assertTrue(server, receipts, subject);
        assert.deepEqual(outcomesIn(receipts[2] ?? assert.fail()), fate);
        const others = receipts.toSpliced(2, 1).flatMap((receipt) => outcomesIn(receipt));
        assert.deepEqual([...new Set(others)], ["accepted"]);
      });
    }

    test("thirty refused among others, which may be more errors than a server allows: every fate is true", async () => {
      await using mailer = await warm(server);
      const subject = (index: number): string => `many errors ${index}.`;
      const receipts = await Promise.all(
        Array.from({ length: 40 }, (_, index) => {
          const to = index % 4 === 3 ? bob : `nouser${index}@example.test`;
          return receiptOfSend(mailer.send(letter(`alice${index}@example.test`, [to], subject(index))));
        }),
      );
      await assertTrue(server, receipts, subject);
      const outcomes = new Set(receipts.flatMap((receipt) => outcomesIn(receipt)));
      assert.ok(
        [...outcomes].every((one) => ["refused", "accepted", "unknown"].includes(one)),
        [...outcomes].join(),
      );
    });
  });
}

for (const [habit, pool, expected] of [
  // Exim's reset can destroy the 421 that would have proved the later messages unsent.
  ["unawares", { connections: 1 }, ["accepted", "deferred", "unknown"]],
  ["as the mailer is configured", { connections: 1, messagesPerConnection: 5 }, ["accepted"]],
] as const) {
  test(`Exim that ends a connection after five messages, ${habit}: every fate is true`, async () => {
    await using server = await startExim({ authority, settings: "smtp_accept_max_per_connection = 5" });
    await using mailer = mailerFor(server, { authority, pool });
    const subject = (index: number): string => `ended after five ${index}.`;
    const receipts = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        receiptOfSend(mailer.send(letter(`alice${index}@example.test`, [bob], subject(index)))),
      ),
    );
    await assertTrue(server, receipts, subject);
    const outcomes = receipts.flatMap(outcomesIn);
    assert.ok(
      outcomes.every((one) => expected.some((other) => other === one)),
      outcomes.join(),
    );
    assert.ok(outcomes.filter((one) => one === "accepted").length >= 10);
  });
}

test("Postfix that takes five messages a minute: the others are deferred, and not delivered", async () => {
  await using server = await startPostfix({
    authority,
    settings: "smtpd_client_message_rate_limit = 5\nsmtpd_client_event_limit_exceptions =",
  });
  await using mailer = mailerFor(server, { authority, pool: { connections: 1 } });
  const subject = (index: number): string => `five a minute ${index}.`;
  const receipts = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      receiptOfSend(mailer.send(letter(`alice${index}@example.test`, [bob], subject(index)))),
    ),
  );
  await assertTrue(server, receipts, subject);
  const outcomes = receipts.flatMap((receipt) => outcomesIn(receipt));
  assert.equal(outcomes.filter((one) => one === "accepted").length, 5);
  assert.equal(outcomes.filter((one) => one === "deferred").length, 7);
});

function outcomesIn({ recipients }: Receipt): readonly string[] {
  return recipients.map(({ outcome }) => outcome);
}

/** A mailer with one connection, whose window is open. */
async function warm(server: Server): Promise<Mailer> {
  const mailer = mailerFor(server, { authority, pool: { connections: 1 } });
  for (let index = 0; index < WARM_UP; index += 1) await mailer.send(letter("alice@example.test", [bob], "warm."));
  return mailer;
}

/** `octets`: the size of a streamed body, so that the mailer cannot know that it is too large. */
function letter(from: string, to: readonly string[], subject: string, octets?: number): ReadyMessage {
  const text = `From: <${from}>\r\nSubject: ${subject}\r\n\r\ntext\r\n`;
  if (octets === undefined) return { envelope: { from, to }, message: text };
  return {
    envelope: { from, to },
    message: async function* () {
      yield Buffer.from(text);
      for (let sent = 0; sent < octets; sent += 10_000) yield Buffer.from(`${"x".repeat(98)}\r\n`.repeat(100));
    },
  };
}

/** Accepted messages are in the mailbox once, under their own senders; refused, deferred and unsent ones are not. */
async function assertTrue(
  server: Server,
  receipts: readonly Receipt[],
  subject: (index: number) => string,
): Promise<void> {
  // Once a message sent after all the others is there, nothing more will be delivered.
  await using mailer = mailerFor(server, { authority });
  const last = `after ${subject(receipts.length)}`;
  const isClosed = await mailer.send(letter("alice@example.test", [bob], last)).catch(() => true);
  for (const [index, receipt] of receipts.entries()) {
    if (outcomesIn(receipt).includes("accepted")) await deliveredWith(server, subject(index));
  }
  if (isClosed !== true) await deliveredWith(server, last);
  const delivered = (await server.delivered(0)).map((octets) => Buffer.from(octets));
  for (const [index, receipt] of receipts.entries()) {
    const copies = delivered.filter((one) => one.includes(`Subject: ${subject(index)}`));
    const outcomes = outcomesIn(receipt);
    const evidence = `${subject(index)} reported ${outcomes.join()}, delivered ${copies.length} times`;
    if (outcomes.includes("accepted")) assert.equal(copies.length, 1, evidence);
    else if (!outcomes.includes("unknown")) assert.equal(copies.length, 0, evidence);
    for (const copy of copies) assert.equal(senderOf(copy), receipt.sender, evidence);
  }
}
