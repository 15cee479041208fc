/**
 * The pool with a server that wants fewer connections, goes away and comes back, or is slow with one message. The clock
 * moves only when nothing else happens, so minutes pass at once.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MailerOptions, ReadyMessage } from "@postseal/mailer";
import { assertTruth, burst, byBdat, letter, rigWith, type Rig, type Word, wordOf } from "./client.ts";
import { Clock, pause } from "./clock.ts";
import type { Behaviour, Fault, Moment } from "./behaviour.ts";
import type { Connection } from "./connection.ts";
import type { Server } from "./server.ts";

const MINUTE = 60_000;
const credentials = { username: "alice", password: "open sesame" };

/** A rig whose server's behaviour depends on its state. The false clock runs until the rig is disposed of. */
async function rig(
  behaviour: (server: Server) => Behaviour,
  options: MailerOptions = {},
): Promise<Rig & { readonly clock: Clock; [Symbol.dispose](): void }> {
  let server: Server | undefined;
  const made = await rigWith(() => {
    assert.ok(server !== undefined);
    return behaviour(server);
  }, options);
  server = made.server;
  const clock = new Clock(() => made.server.traffic);
  return { ...made, clock, [Symbol.dispose]: () => clock[Symbol.dispose]() };
}

/** As a server counts them: a connection that has said QUIT is gone. */
function openNow({ connections }: Server): number {
  return connections.filter(({ isClosed, heard }) => !isClosed && !heard.includes("QUIT\r\n")).length;
}

function served({ answeredAt }: Connection): boolean {
  return answeredAt !== undefined;
}

function allAccepted(words: readonly Word[]): void {
  for (const { error, sender } of words) assert.equal(error, undefined, `${sender}: ${error?.message}`);
}

for (const limit of [1, 2, 3]) {
  for (const [refusal, honest, refused] of [
    ["421 at the greeting", {}, { greeting: "421" }],
    ["550 to AUTH", {}, { fault: (moment: Moment): Fault | undefined => (moment === "AUTH" ? "550" : undefined) }],
    ["451 to AUTH", {}, { fault: (moment: Moment): Fault | undefined => (moment === "AUTH" ? "451" : undefined) }],
  ] as const) {
    test(`600 messages to a server that takes ${limit} connections, and says ${refusal} to more: all are sent, without a storm of connections`, async () => {
      using made = await rig(
        (server) => ({
          capabilities: [...byBdat, "AUTH PLAIN"],
          delivery: "turns",
          ...(openNow(server) < limit ? honest : refused),
        }),
        { credentials },
      );
      const { mailer, server } = made;
      const words = await burst(mailer, "m", 600);
      await mailer.close();
      allAccepted(words);
      assertTruth(words, server);
      const idle = server.connections.filter((one) => !served(one) && one.openedAt < MINUTE);
      assert.ok(idle.length <= 5, `${idle.length} openings beyond those that served`);
      const logins = idle.filter(({ loginAt }) => loginAt !== undefined);
      assert.ok(logins.length <= 3, `${logins.length} logins beyond those that served`);
    });
  }
}

/** A letter whose body takes that many milliseconds to read. */
function slowLetter(name: string, milliseconds: number): ReadyMessage {
  const whole = letter(name);
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(whole.message);
    await pause(milliseconds);
    yield Buffer.from("end\r\n");
  }
  return { ...whole, message: () => body() };
}

for (let count = 1; count <= 8; count += 1) {
  test(`${count} small messages do not wait for a body that takes 8 s`, async () => {
    using made = await rig(() => ({ capabilities: byBdat }));
    const { mailer, server, clock } = made;
    await mailer.send(letter("first"));
    const began = clock.now;
    const sending = wordOf(mailer.send(slowLetter("slow", 8_000)));
    await pause(500);
    const given = clock.now;
    const words = await burst(mailer, "m", count);
    assert.ok(clock.now - given <= 200, `${clock.now - given} ms`);
    const all = [...words, await sending];
    assert.ok(clock.now - began >= 8_000);
    await mailer.close();
    allAccepted(all);
    assertTruth(all, server);
  });
}

/** That many recipients for the letter of that name. */
function mailboxes(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `to${index}-${name}@x.example`);
}

/** The most of these times that fall within any stretch of that length. */
function most(times: readonly number[], stretch: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at <= from + stretch).length));
}

test("no second holds more messages than messagesPerSecond, whenever it begins, even after a pause", async () => {
  using made = await rig(() => ({ capabilities: byBdat }), { pool: { messagesPerSecond: 10 } });
  const { mailer, server, clock } = made;
  const words = [...(await burst(mailer, "a", 35))];
  await pause(5_000);
  words.push(...(await burst(mailer, "b", 35)));
  await mailer.close();
  allAccepted(words);
  const times = server.taken.map(({ at }) => at);
  assert.equal(most(times, 1_000), 10);
  assert.ok(clock.now < 13_000, `${clock.now} ms for what takes 11 s`);
});

test("no minute holds more recipients than recipientsPerMinute: a message to more recipients goes in parts", async () => {
  using made = await rig(() => ({ capabilities: byBdat }), { pool: { recipientsPerMinute: 60 } });
  const { mailer, server } = made;
  const words = await Promise.all([
    wordOf(mailer.send(letter("a", mailboxes("a", 30)))),
    wordOf(mailer.send(letter("b", mailboxes("b", 150)))),
    wordOf(mailer.send(letter("c", mailboxes("c", 10)))),
  ]);
  await mailer.close();
  allAccepted(words);
  assertTruth(words, server);
  const times = server.taken.flatMap(({ at, recipients }) => recipients.map(() => at));
  assert.equal(times.length, 190);
  assert.equal(most(times, MINUTE), 60);
});

test("the parts of a message go over as many connections as MAILMAX requires", async () => {
  using made = await rig(() => ({ capabilities: [...byBdat, "LIMITS MAILMAX=1 RCPTMAX=1"] }));
  const { mailer, server } = made;
  const words = [await wordOf(mailer.send(letter("a", mailboxes("a", 10))))];
  await mailer.close();
  allAccepted(words);
  assertTruth(words, server);
  for (const { heard } of server.connections) assert.ok(heard.split("MAIL FROM").length <= 2);
});

test("a transaction has recipients of no more domains than RCPTDOMAINMAX", async () => {
  using made = await rig(() => ({ capabilities: [...byBdat, "LIMITS RCPTDOMAINMAX=2"] }));
  const { mailer, server } = made;
  const to = Array.from({ length: 12 }, (_, index) => `to${index}-a@d${index % 5}.example`);
  const words = [await wordOf(mailer.send(letter("a", to)))];
  await mailer.close();
  allAccepted(words);
  assertTruth(words, server);
  const domains = server.taken.map(({ recipients }) => new Set(recipients.map((one) => one.split("@")[1])).size);
  assert.deepEqual(domains, [2, 2, 1]);
});

/** Kills the server for that long while that many messages wait. Returns the words, and when the last one came. */
async function outage(
  milliseconds: number,
  count: number,
  options: MailerOptions = {},
): Promise<{ readonly words: readonly Word[]; readonly back: number; readonly end: number; readonly server: Server }> {
  let [from, to] = [Infinity, Infinity];
  using made = await rig(
    () => ({
      capabilities: byBdat,
      delivery: "turns",
      ...(performance.now() >= from && performance.now() < to ? { greeting: "nobody there" } : {}),
    }),
    options,
  );
  const { mailer, server, clock } = made;
  const before = await burst(mailer, "w", 200);
  const sending = burst(mailer, "m", count);
  for (let at = 0; at < 40; at += 1) await new Promise(setImmediate);
  [from, to] = [clock.now, clock.now + milliseconds];
  for (const one of server.connections) if (!one.isClosed) one.breakOff();
  const words = [...before, ...(await sending)];
  const end = clock.now;
  await mailer.close();
  assertTruth(words, server);
  return { words, back: to, end, server };
}

for (const milliseconds of [20, 200, 3_000, 25_000]) {
  test(`a server that is away for ${milliseconds} ms costs no waiting message, and mail goes again soon`, async () => {
    const { words, back, end, server } = await outage(milliseconds, 2_000);
    for (const { error, receipt } of words) {
      const isUnknown = receipt.recipients.every(({ outcome }) => outcome === "unknown");
      assert.ok(error === undefined || isUnknown, `failed for an outage: ${error?.message}`);
    }
    assert.ok(end - back <= milliseconds + 2_000, `recovered ${end - back} ms after it`);
    assert.ok(server.refused <= 12, `${server.refused} attempts`);
  });
}

test("a server that is away longer than the caller's patience fails the sends then, and the error says since when and how often it was tried", async () => {
  const { words, server } = await outage(300_000, 500, { pool: { patience: 10_000 } });
  const failed = words.filter(({ receipt }) => receipt.recipients.every(({ outcome }) => outcome === "unsent"));
  assert.ok(failed.length > 300);
  assert.equal(new Set(failed.map(({ error }) => error)).size, failed.length, "each has its own error");
  for (const { error } of failed) {
    assert.equal(error?.code, "MAIL_NETWORK_CONNECT");
    assert.match(error.message, /has not served since \S+Z \(10 s\); it was tried \d+ times\.$/);
  }
  assert.ok(server.refused <= 12, `${server.refused} attempts`);
});

test("while a server is away, close() ends when the caller's patience does", async () => {
  let isThere = true;
  using made = await rig(() => ({ capabilities: byBdat, ...(isThere ? {} : { greeting: "nobody there" }) }));
  const { mailer, server, clock } = made;
  await mailer.send(letter("a"));
  isThere = false;
  for (const one of server.connections) one.hangUp();
  await pause(100);
  const sending = wordOf(mailer.send(letter("b")));
  const given = clock.now;
  await mailer.close();
  assert.equal((await sending).error?.code, "MAIL_NETWORK_CONNECT");
  assert.ok(clock.now - given >= 30_000 && clock.now - given <= 61_000, `${clock.now - given} ms`);
});

test("a queue that waits for its rate opens no connections meanwhile", async () => {
  using made = await rig(() => ({ capabilities: [...byBdat, "AUTH PLAIN"] }), {
    credentials,
    pool: { recipientsPerMinute: 60, idle: 100 },
  });
  const { mailer, server } = made;
  const words = await Promise.all(
    ["a", "b", "c"].map((name) => wordOf(mailer.send(letter(name, mailboxes(name, 60))))),
  );
  await mailer.close();
  allAccepted(words);
  assert.equal(server.connections.length, 3);
});

test("parts made for RCPTMAX go as soon as the rate has room for one of them", async () => {
  using made = await rig(() => ({ capabilities: [...byBdat, "LIMITS RCPTMAX=10"] }), {
    pool: { recipientsPerMinute: 60 },
  });
  const { mailer, server, clock } = made;
  const words = [await wordOf(mailer.send(letter("a", mailboxes("a", 240))))];
  await mailer.close();
  allAccepted(words);
  assertTruth(words, server);
  assert.ok(clock.now < 4 * MINUTE, `${clock.now} ms`);
});

test("a server that recycles its connections loses none of a message's parts", async () => {
  using made = await rig(() => ({
    capabilities: [...byBdat, "LIMITS RCPTMAX=1"],
    fault: (moment, count) => (moment === "MAIL" && count === 5 ? "421 and close" : undefined),
  }));
  const { mailer, server } = made;
  const words = [await wordOf(mailer.send(letter("a", mailboxes("a", 20))))];
  await mailer.close();
  assertTruth(words, server);
  assert.deepEqual(new Set(words[0]?.receipt.recipients.map(({ outcome }) => outcome)), new Set(["accepted"]));
});

for (const [name, fault] of [
  [
    "takes the login and then hangs up",
    (moment: Moment): Fault | undefined => (moment === "MAIL" ? "close" : undefined),
  ],
  [
    "talks nonsense after the login",
    (moment: Moment): Fault | undefined => (moment === "MAIL" ? "garbage" : undefined),
  ],
] as const) {
  test(`a server that ${name} gets no more than four such logins a minute`, async () => {
    let isSane = true;
    using made = await rig(() => ({ capabilities: [...byBdat, "AUTH PLAIN"], fault: isSane ? undefined : fault }), {
      credentials,
    });
    const { mailer, server } = made;
    await mailer.send(letter("first"));
    isSane = false;
    const words = await burst(mailer, "m", 200);
    await mailer.close();
    assertTruth(words, server);
    const [, ...times] = server.connections.flatMap(({ loginAt }) => (loginAt === undefined ? [] : [loginAt]));
    assert.ok(times.length > 0);
    assert.ok(most(times, MINUTE) <= 4, `${most(times, MINUTE)} logins in a minute`);
  });
}

test("connections that are opened together stay within what a minute may have of them, also if all of them fail", async () => {
  let goodOnes = 3;
  using made = await rig(
    () => ({
      capabilities: ["SIZE 1000000", "AUTH PLAIN"],
      fault: (goodOnes -= 1) >= 0 ? undefined : (moment: Moment) => (moment === "MAIL" ? "close" : undefined),
    }),
    { credentials, pool: { connections: 12 }, timeouts: { body: 1_000_000 } },
  );
  const { mailer, server, clock } = made;
  const words = [wordOf(mailer.send(letter("first")))];
  // Each connection hands over a long message, so that what waits needs another one.
  const hold = async (name: string): Promise<void> => {
    words.push(wordOf(mailer.send(slowLetter(name, 150_000))));
    await pause(10);
  };
  for (const name of ["b", "c"]) {
    await hold(`slow-${name}`);
    words.push(wordOf(mailer.send(letter(name))));
    await pause(1_000);
  }
  await hold("slow-d");
  const crowd = burst(mailer, "m", 100);
  await pause(3_000);
  goodOnes = 1;
  await crowd;
  await hold("slow-e");
  goodOnes = 0;
  const others = burst(mailer, "n", 100);
  await pause(70_000);
  goodOnes = Infinity;
  const all = [...(await Promise.all(words)), ...(await crowd), ...(await others)];
  await mailer.close();
  allAccepted(all);
  assertTruth(all, server);
  // One that was not needed any more has ended in order.
  const failed = server.connections.filter((one) => !served(one) && !one.heard.includes("QUIT\r\n"));
  const logins = failed.flatMap(({ loginAt }) => loginAt ?? []);
  assert.ok(logins.length > 4, `${logins.length} logins beyond those that served`);
  assert.ok(most(logins, MINUTE) <= 4, `${most(logins, MINUTE)} such logins in a minute`);
  assert.ok(clock.now < 5 * MINUTE);
});

test("a server that takes logins and then hangs up for a while costs nobody a message", async () => {
  let [from, to] = [Infinity, Infinity];
  using made = await rig(
    () => ({
      capabilities: ["SIZE 1000000", "AUTH PLAIN"],
      fault: (moment) =>
        moment === "MAIL" && performance.now() >= from && performance.now() < to ? "close" : undefined,
    }),
    { credentials },
  );
  const { mailer, server, clock } = made;
  await mailer.send(letter("first"));
  [from, to] = [clock.now, clock.now + 10_000];
  const words = await burst(mailer, "m", 200);
  await mailer.close();
  allAccepted(words);
  assertTruth(words, server);
});

test("a message that ends every connection it goes over fails, and the others are sent", async () => {
  using made = await rig(() => ({
    capabilities: ["SIZE 1000000"],
    fault: (moment, _count, argument) => (moment === "MAIL" && argument.startsWith("poison") ? "close" : undefined),
  }));
  const { mailer, server } = made;
  const words = await Promise.all([
    wordOf(mailer.send(letter("poison"))),
    ...Array.from({ length: 50 }, (_, index) => wordOf(mailer.send(letter(`m${index}`)))),
  ]);
  await mailer.close();
  assertTruth(words, server);
  const [poison, ...others] = words;
  assert.equal(poison?.error?.code, "MAIL_NETWORK_LOST");
  allAccepted(others);
  assert.ok(server.connections.length <= 20, `${server.connections.length} connections`);
});
