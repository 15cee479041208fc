/** Many recipients in one transaction, and many messages through one mailer: each has its outcome. */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { mailerFor } from "./client.ts";
import { mailServers, type Server } from "./roster.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { poll } from "./servers/poll.ts";
import { startPostfix } from "./servers/postfix.ts";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});
after(() => authority[Symbol.asyncDispose]());

/** Mail to strangers goes nowhere, but is logged. */
const strangers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `r${index}@far.test`);
const refused = ["greylist@example.test", "nouser@example.test"];

for (const [name, { start }] of mailServers) {
  suite(name, () => {
    let server: Server;
    before(async () => {
      server = await start({ authority });
    });
    after(() => server[Symbol.asyncDispose]());

    test("takes 1,000 recipients in one transaction, and refuses two among them", async () => {
      await using mailer = mailerFor(server, { authority });
      const taken = strangers(1000);
      const to = taken.toSpliced(500, 0, ...refused);
      const message = "From: <alice@example.test>\r\nSubject: to a thousand\r\n\r\ntext\r\n";
      const { recipients } = await mailer.send({ envelope: { from: "alice@example.test", to }, message });
      assert.deepEqual(
        recipients.map(({ address }) => address),
        to,
      );
      assert.deepEqual(
        recipients.slice(500, 502).map(({ outcome, reply }) => [outcome, reply?.code]),
        [
          ["deferred", 450],
          ["refused", 550],
        ],
      );
      assert.equal(recipients.filter(({ outcome }) => outcome === "accepted").length, 1000);
    });

    // Haraka and Exim take 50 ms a message here. Postfix gets more than fit on one connection.
    const count = name.startsWith("Postfix") ? 120 : 20;
    test(`delivers ${count} messages that were sent at once, each of them once`, async () => {
      await using mailer = mailerFor(server, { authority, pool: { connections: 1 } });
      const numbers = Array.from({ length: count }, (_, index) => index);
      const receipts = await Promise.all(
        numbers.map((number) =>
          mailer.send({
            from: "alice@example.test",
            to: "bob@example.test",
            subject: `number ${number}.`,
            text: "text",
          }),
        ),
      );
      assert.ok(receipts.every(({ recipients }) => recipients.every(({ outcome }) => outcome === "accepted")));
      const delivered = await poll(
        async () => {
          const seen = (await server.delivered(0)).flatMap(numberOf);
          return seen.length >= count ? seen : undefined;
        },
        () => server.log(),
      );
      assert.deepEqual(
        delivered.toSorted((one, other) => one - other),
        numbers,
      );
      await mailer.close();
      // A hundred on one connection, then a new one. Only Postfix logs it.
      if (count > 100)
        await poll(
          async () => (/ mail=100 /.test(server.log()) && / mail=20 /.test(server.log())) || undefined,
          () => server.log(),
        );
    });
  });
}

test("a recipient beyond Postfix's limit gets the message by another transaction", async () => {
  await using server = await startPostfix({ authority });
  await using mailer = mailerFor(server, { authority });
  const { recipients } = await mailer.send({ from: "alice@example.test", bcc: strangers(1001), text: "text" });
  assert.equal(recipients.filter(({ outcome }) => outcome === "accepted").length, 1001);
  await poll(
    async () => (strangers(1001).every((stranger) => server.log().includes(`to=<${stranger}>`)) ? true : undefined),
    () => server.log(),
  );
});

function numberOf(message: Uint8Array): readonly number[] {
  const found = /^Subject: number (\d+)\.\r?$/m.exec(Buffer.from(message).toString());
  return found === null ? [] : [Number(found[1])];
}
