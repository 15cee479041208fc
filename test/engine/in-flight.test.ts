/** Several messages in flight at once: what is written ahead, and that nothing leaks from one message into the next. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertTruth, burst, byBdat, byData, fates, letter, rigWith, stepwise, wordOf } from "./client.ts";
import type { Behaviour } from "./behaviour.ts";

const all = (count: number, fate: string): readonly string[] => Array.from({ length: count }, () => fate);

for (const [name, capabilities] of [
  ["CHUNKING", byBdat],
  ["PIPELINING", byData],
  ["neither", stepwise],
] as const) {
  test(`messages given at once are each accepted once, on one connection (${name})`, async () => {
    const { server, mailer } = await rigWith({ capabilities }, { pool: { connections: 1 } });
    const words = await burst(mailer, "m", 50);
    await mailer.close();
    assert.deepEqual(fates(words), all(50, "accepted"));
    assertTruth(words, server);
    assert.deepEqual([server.connections.length, server.taken.length], [1, 50]);
  });
}

test("the window begins at one, and grows with each message that is taken", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat }, { pool: { connections: 1 } });
  await burst(mailer, "m", 12);
  await mailer.close();
  const said = server.connections[0]?.heard ?? "";
  // The first goes alone and without RSET: nothing was before it.
  assert.match(said, /^EHLO \[127\.0\.0\.1\]\r\nMAIL FROM:<m0@/);
  assert.match(said, /RSET\r\nMAIL FROM:<m11@/);
});

test("only what is written ahead of replies begins with RSET", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat }, { pool: { connections: 1, window: 1 } });
  await burst(mailer, "m", 5);
  await mailer.close();
  assert.doesNotMatch(server.connections[0]?.heard ?? "", /RSET/);
});

test("nothing follows a message of many recipients, and nothing is unanswered before it", async () => {
  const { server, mailer } = await rigWith({ capabilities: byBdat }, { pool: { connections: 1 } });
  await burst(mailer, "w", 10);
  const many = letter(
    "many",
    Array.from({ length: 100 }, (_, index) => `to${index}-many@x.example`),
  );
  const words = await Promise.all([
    wordOf(mailer.send(letter("a"))),
    wordOf(mailer.send(many)),
    wordOf(mailer.send(letter("b"))),
  ]);
  await mailer.close();
  assert.deepEqual(fates(words), all(3, "accepted"));
  const said = server.connections[0]?.heard ?? "";
  assert.match(said, /\.a\r\nMAIL FROM:<many@/);
  assert.match(said, /\.many\r\nMAIL FROM:<b@/);
});

test("the envelope of the next message goes right after the final dot, and its DATA with it", async () => {
  const { server, mailer } = await rigWith({ capabilities: byData }, { pool: { connections: 1 } });
  const words = await burst(mailer, "m", 6);
  await mailer.close();
  assert.deepEqual(fates(words), all(6, "accepted"));
  assert.match(
    server.connections[0]?.heard ?? "",
    /\.\.m2\r\n\.\r\nRSET\r\nMAIL FROM:<m3@x\.example>[^\r]*\r\nRCPT TO:<to-m3@x\.example>\r\nDATA\r\n/,
  );
});

test("a server that takes nothing right after a dot gets it again, and no connection tries that a second time", async () => {
  const { server, mailer } = await rigWith(
    { capabilities: byData, refusesAfterDot: true },
    { pool: { connections: 1, messagesPerConnection: 10 } },
  );
  const words = await burst(mailer, "m", 20);
  await mailer.close();
  assert.deepEqual(fates(words), all(20, "accepted"));
  assertTruth(words, server);
  assert.equal(server.connections.length, 2);
  const said = server.connections.map(({ heard }) => heard).join("");
  // Once after a dot, and once more without one; later messages have no RSET before them.
  assert.equal(said.match(/RSET/g)?.length, 2);
});

const nobody =
  (first: string): Behaviour["fault"] =>
  (moment, _count, argument) =>
    moment === "RCPT" && argument === `to-${first}@x.example` ? "550" : undefined;
for (const [name, capabilities] of [
  ["BDAT", byBdat],
  ["DATA", byData],
] as const) {
  test(`a sender that the server keeps from a refused transaction reaches none of the next messages (${name})`, async () => {
    const { server, mailer } = await rigWith({ capabilities, fault: nobody("m3") }, { pool: { connections: 1 } });
    const warm = await burst(mailer, "w", 8);
    const words = [...warm, ...(await burst(mailer, "m", 12))];
    await mailer.close();
    assertTruth(words, server);
    assert.deepEqual(fates(words), [...all(11, "accepted"), "refused", ...all(8, "accepted")]);
    assert.equal(server.connections.length, 1);
  });
}

test("354 without an accepted recipient, after other messages: only the final dot is sent, and nobody is accepted", async () => {
  const fault: Behaviour["fault"] = (moment, count, argument) =>
    argument === "to-m2@x.example" ? "550" : moment === "DATA" && count === 11 ? "354" : undefined;
  const { server, mailer } = await rigWith({ capabilities: byData, fault }, { pool: { connections: 1 } });
  const words = [...(await burst(mailer, "w", 8)), ...(await burst(mailer, "m", 6))];
  await mailer.close();
  assertTruth(words, server);
  assert.deepEqual(fates(words), [...all(10, "accepted"), "refused", ...all(3, "accepted")]);
  assert.doesNotMatch(server.connections[0]?.heard ?? "", /\.m2\r\n/);
});

test("a chunk refused for its size ends the connection at once: the outcomes of later messages are true, and there is no second copy", async () => {
  const fault: Behaviour["fault"] = (moment, count) => (moment === "BDAT" && count === 10 ? "552" : undefined);
  const { server, mailer } = await rigWith(
    (index) => ({ capabilities: byBdat, fault: index === 0 ? fault : undefined }),
    { pool: { connections: 1 } },
  );
  const words = [...(await burst(mailer, "w", 8)), ...(await burst(mailer, "m", 12))];
  await mailer.close();
  assertTruth(words, server);
  assert.equal(fates(words)[9], "refused");
  assert.ok(fates(words).filter((fate) => fate === "unknown").length <= 7, fates(words).join());
  assert.equal(server.connections.length, 2);
});

test("421 and then the close prove that later messages were not taken: they are sent again, and accepted", async () => {
  const fault: Behaviour["fault"] = (moment, count) =>
    moment === "MAIL" && count === 10 ? "421 and close" : undefined;
  const { server, mailer } = await rigWith(
    (index) => ({ capabilities: byBdat, fault: index === 0 ? fault : undefined }),
    { pool: { connections: 1 } },
  );
  const words = [...(await burst(mailer, "w", 8)), ...(await burst(mailer, "m", 12))];
  await mailer.close();
  assertTruth(words, server);
  assert.deepEqual(fates(words), all(20, "accepted"));
  assert.equal(server.connections.length, 2);
});

test("421 right after the last refusal, for too many errors: the next message goes over another connection", async () => {
  const fault: Behaviour["fault"] = (moment, count) => {
    if (moment === "RCPT") return "550";
    return moment === "DATA" && count === 3 ? "550 and 421" : undefined;
  };
  const { server, mailer } = await rigWith(
    (index) => ({ capabilities: byData, fault: index === 0 ? fault : undefined }),
    { pool: { connections: 1 } },
  );
  const words = await burst(mailer, "m", 6);
  await mailer.close();
  assertTruth(words, server);
  assert.deepEqual(fates(words), [...all(3, "refused"), ...all(3, "accepted")]);
});

test("421 by a server that goes on nevertheless proves nothing: no second copy", async () => {
  const fault: Behaviour["fault"] = (moment, count) => {
    if (moment === "MAIL" && count === 10) return "421";
    return moment === "BDAT" && count === 12 ? "done and gone" : undefined;
  };
  const { server, mailer } = await rigWith(
    (index) => ({ capabilities: byBdat, fault: index === 0 ? fault : undefined }),
    { pool: { connections: 1 } },
  );
  const words = [...(await burst(mailer, "w", 8)), ...(await burst(mailer, "m", 12))];
  await mailer.close();
  assert.deepEqual(assertTruth(words, server), []);
});

test("421 to RSET by a server that goes on, and then the connection breaks: no second copy", async () => {
  const fault: Behaviour["fault"] = (moment, count) =>
    moment === "RSET" && count === 1 ? "421, then cut by reset" : undefined;
  const { server, mailer } = await rigWith(
    (index) => ({ capabilities: byBdat, fault: index === 0 ? fault : undefined }),
    { pool: { connections: 1 } },
  );
  const words = await burst(mailer, "w", 8);
  await mailer.close();
  assert.deepEqual(assertTruth(words, server), []);
  assert.equal(fates(words).filter((fate) => fate === "unknown").length, 1);
});

test("a server that closes unasked leaves at most a window of messages in doubt, and none of them is sent again", async () => {
  const fault: Behaviour["fault"] = (moment, count) => (moment === "BDAT" && count === 12 ? "reset" : undefined);
  const { server, mailer } = await rigWith(
    (index) => ({ capabilities: byBdat, fault: index === 0 ? fault : undefined }),
    { pool: { connections: 1 } },
  );
  const words = [...(await burst(mailer, "w", 8)), ...(await burst(mailer, "m", 40))];
  await mailer.close();
  assertTruth(words, server);
  const unknown = fates(words).filter((fate) => fate === "unknown").length;
  assert.ok(unknown >= 1 && unknown <= 8, String(unknown));
});

test("an abort of one message in flight leaves the others' outcomes true", async () => {
  const abort = new AbortController();
  const reason = new Error("never mind");
  const fault: Behaviour["fault"] = (moment, _count, argument) => {
    // When its envelope is read, the message and those after it are in flight.
    if (moment === "MAIL" && argument === "m2@x.example") abort.abort(reason);
    return undefined;
  };
  const { server, mailer } = await rigWith({ capabilities: byBdat, fault }, { pool: { connections: 1 } });
  await burst(mailer, "w", 8);
  const words = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      wordOf(mailer.send(letter(`m${index}`), index === 2 ? { signal: abort.signal } : {})),
    ),
  );
  await mailer.close();
  assertTruth(words, server);
  assert.equal(words[2]?.error?.code, "MAIL_ABORTED");
  assert.deepEqual(fates(words), [...all(2, "accepted"), "unknown", ...all(9, "accepted")]);
});

test("a body whose source fails touches no message before or after it", async () => {
  const { server, mailer } = await rigWith({ capabilities: byData }, { pool: { connections: 1 } });
  await burst(mailer, "w", 4);
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("From: bad@x.example\r\n\r\n");
    throw new Error("disk on fire");
  }
  const words = await Promise.all([
    wordOf(mailer.send(letter("a"))),
    wordOf(mailer.send({ ...letter("bad"), message: failing })),
    wordOf(mailer.send(letter("b"))),
  ]);
  await mailer.close();
  assertTruth(words, server);
  assert.deepEqual(fates(words), ["accepted", "unsent", "accepted"]);
  assert.equal(words[1]?.error?.code, "MAIL_INPUT_MESSAGE");
});
