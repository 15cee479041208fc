/** What a caller who keeps its own record of attempts asks for: one attempt only, and the size of a stream known in advance. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectSealed, type MailerOptions, type ReadyMessage } from "@postseal/mailer";
import type { Behaviour } from "./behaviour.ts";
import { assertTruth, byBdat, byData, fates, letter, rigWith, sessionTo, type Word, wordOf } from "./client.ts";

/** The second message on the first connection is lost at MAIL, before the message itself is handed over. */
const loses: Behaviour = {
  capabilities: byData,
  fault: (moment, count) => (moment === "MAIL" && count === 2 ? "close" : undefined),
};

for (const [attempts, fate] of [
  [undefined, "accepted"],
  [2, "accepted"],
  [1, "unsent"],
] as const) {
  test(`a message whose connection is lost, with attempts ${attempts}: ${fate}`, async () => {
    const { server, mailer } = await rigWith((connection) => (connection === 0 ? loses : { capabilities: byBdat }), {
      pool: { connections: 1 },
    });
    const words = [
      await wordOf(mailer.send(letter("a"))),
      await wordOf(mailer.send(letter("b"), attempts === undefined ? {} : { attempts })),
    ];
    await mailer.close();
    assert.deepEqual(fates(words), ["accepted", fate]);
    assert.equal(words[1]?.error?.code, fate === "unsent" ? "MAIL_NETWORK_LOST" : undefined);
    assert.deepEqual(assertTruth(words, server), []);
  });
}

test("a message in parts needs no second attempt", async () => {
  const { server, mailer } = await rigWith({ capabilities: [...byBdat, "LIMITS RCPTMAX=1"] });
  const word = await wordOf(mailer.send(letter("a", ["x-a@x.example", "y-a@x.example"]), { attempts: 1 }));
  await mailer.close();
  assert.deepEqual(fates([word]), ["accepted"]);
  assert.equal(server.taken.length, 2);
});

test("attempts that are neither 1 nor 2 are refused, and so is a second attempt of a session", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat });
  const wanted = { code: "MAIL_INPUT_OPTION", field: "attempts" };
  for (const attempts of [0, 3, "2", true, null]) {
    // @ts-expect-error a caller without types may give it
    await assert.rejects(mailer.send(letter("a"), { attempts }), wanted);
  }
  const { url, options } = await sessionTo(server, "implicit");
  const session = await connectSealed(url, options);
  await assert.rejects(session.send(letter("b"), { attempts: 2 }), wanted);
  const word = await wordOf(session.send(letter("c"), { attempts: 1 }));
  await session.close();
  await mailer.close();
  assert.deepEqual(fates([word]), ["accepted"]);
});

/** A message as a stream that says how long it is. */
function sized(name: string, size: number): ReadyMessage {
  const { envelope, message } = letter(name);
  return { envelope, message: () => inPieces(message), size };
}

async function* inPieces(message: string): AsyncGenerator<Uint8Array> {
  for (const line of message.split(/(?<=\n)/)) yield Buffer.from(line);
}

const length = letter("a").message.length;

async function sendOne(
  message: ReadyMessage,
  capabilities: readonly string[],
  options: MailerOptions = {},
): Promise<{ readonly word: Word; readonly heard: string; readonly taken: number }> {
  const { server, mailer } = await rigWith({ capabilities }, options);
  const word = await wordOf(mailer.send(message));
  await mailer.close();
  assert.deepEqual(assertTruth([word], server), []);
  return { word, heard: server.connections[0]?.heard ?? "", taken: server.taken.length };
}

test("the size of a stream is declared to the server, which may refuse it before it is read", async () => {
  const { word, heard } = await sendOne(sized("a", length), byData);
  assert.deepEqual(fates([word]), ["accepted"]);
  assert.match(heard, new RegExp(`^MAIL FROM:<a@x\\.example> SIZE=${length}\\r$`, "m"));
  const large = await sendOne(sized("a", 2_000_000), byData);
  assert.equal(large.word.error?.code, "MAIL_MESSAGE_TOO_LARGE");
  assert.ok(!large.heard.includes("MAIL FROM"));
});

for (const size of [length - 1, length + 1]) {
  test(`a stream of ${length} octets that was announced as ${size} is not taken`, async () => {
    const { word, taken } = await sendOne(sized("a", size), byData);
    assert.deepEqual([fates([word]), word.error?.code, taken], [["unsent"], "MAIL_INPUT_MESSAGE", 0]);
  });
}
