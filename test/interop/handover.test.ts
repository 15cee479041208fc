/** The caller's last word before Postfix can have a message: after a no, its queue manager never sees the message. */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { AbortedError, type ReadyMessage } from "@postseal/mailer";
import { mailerFor, receiptOfSend, sessionWith } from "./client.ts";
import { deliveredWith } from "./reader.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { type PostfixServer, startPostfix } from "./servers/postfix.ts";

let authority: Authority;
let server: PostfixServer;
before(async () => {
  authority = await createAuthority();
  server = await startPostfix({ authority });
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await authority[Symbol.asyncDispose]();
});

type Form = (text: string) => ReadyMessage["message"];
const filling = "x".repeat(76);
const forms: Readonly<Record<string, Form>> = {
  "in one piece": (text) => text,
  "in memory, and long": (text) => `${text}${`${filling}\r\n`.repeat(5_000)}`,
  "a stream": (text) =>
    async function* stream() {
      yield Buffer.from(text);
      yield Buffer.from(`${filling}\r\n`.repeat(1_000));
    },
};

let messages = 0;

/** Each has a sender of its own, by which it is found in the log. */
function letter(form: Form): { readonly sender: string; readonly message: ReadyMessage } {
  messages += 1;
  const sender = `alice${messages}@example.test`;
  const message = form(`From: ${sender}\r\nSubject: letter ${messages}.\r\n\r\ntext ${messages}.\r\n`);
  return { sender, message: { envelope: { from: sender, to: "bob@example.test" }, message } };
}

/** Whether the queue manager has seen a message of this sender: it sees all that Postfix has taken. */
function isTaken(sender: string): boolean {
  return server
    .log()
    .split("\n")
    .some((line) => line.includes("qmgr") && line.includes(`from=<${sender}>`));
}

for (const [form, make] of Object.entries(forms)) {
  for (const chunking of [true, false]) {
    suite(`${form}, ${chunking ? "by BDAT if it may" : "by DATA"}`, () => {
      test("a yes comes before the message is taken, and a no keeps it from being taken", async () => {
        await using mailer = mailerFor(server, { authority, chunking, pool: { connections: 1 } });
        const [no, yes] = [letter(make), letter(make)];
        const reason = new Error("the lease is lost");
        const refused = mailer.send(no.message, { beforeHandover: () => Promise.reject(reason) });
        await assert.rejects(refused, (error) => error instanceof AbortedError && error.cause === reason);
        let isTakenBefore: boolean | undefined;
        const { recipients } = await mailer.send(yes.message, {
          beforeHandover: () => {
            isTakenBefore = isTaken(yes.sender);
          },
        });
        assert.deepEqual([isTakenBefore, recipients[0]?.outcome], [false, "accepted"]);
        // It was sent after the other: Postfix would have taken that one before.
        await deliveredWith(server, `text ${messages}.`);
        assert.deepEqual([isTaken(yes.sender), isTaken(no.sender)], [true, false]);
      });
    });
  }
}

test("of several at once, those whose callers say yes are delivered, and no other", async () => {
  await using mailer = mailerFor(server, { authority, pool: { connections: 1 } });
  const all = Array.from({ length: 30 }, () => letter((text) => text));
  const receipts = await Promise.all(
    all.map(({ message }, index) =>
      receiptOfSend(
        mailer.send(message, {
          beforeHandover: async () => {
            if (index % 3 === 0) throw new Error("no");
          },
        }),
      ),
    ),
  );
  for (const [index, { sender }] of all.entries()) {
    if (index % 3 !== 0) await deliveredWith(server, `text ${messages - all.length + index + 1}.`);
    assert.equal(isTaken(sender), index % 3 !== 0, sender);
    assert.equal(receipts[index]?.recipients[0]?.outcome, index % 3 === 0 ? "unsent" : "accepted");
  }
});

test("a session of one's own asks, too, and goes on after a no", async () => {
  await using session = await sessionWith(server, authority);
  const [no, yes] = [letter((text) => text), letter((text) => text)];
  await assert.rejects(session.send(no.message, { beforeHandover: () => Promise.reject(new Error("no")) }), {
    code: "MAIL_ABORTED",
  });
  await session.send(yes.message, { beforeHandover: () => {} });
  await deliveredWith(server, `text ${messages}.`);
  assert.deepEqual([isTaken(yes.sender), isTaken(no.sender)], [true, false]);
});
