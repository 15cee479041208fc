/** What goes next: streams by their weights, accounts by their rate and health, domains in trouble apart. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { account, claim, claimOne, engines, message, settlement, stateOf } from "./engines.ts";
import type { Store } from "../store/operations.ts";

async function defer(store: Store, now: number, stage: string): Promise<void> {
  const claimed = await claimOne(store, { now });
  const recipients = claimed.recipients.map((address) => ({ address, outcome: "deferred" as const, code: 450, stage }));
  await store.call("settle", settlement(claimed, "defer", { recipients, now, due: 1e8 }));
}

const news = { account: "default", reason: "421 busy", random: 0.5 } as const;

for (const { name, open } of engines) {
  test(`${name}: a password reset does not wait for a newsletter`, async (t) => {
    const store = await open(t);
    for (let count = 0; count < 100; count++) await store.call("enqueue", message({ stream: "bulk" }));
    await claim(store);
    for (let count = 0; count < 20; count++) await store.call("enqueue", message({ stream: "transactional" }));
    const lanes = (await claim(store, { most: 22 })).map(({ lane }) => lane);
    assert.ok(lanes.slice(0, 11).includes("transactional"));
    assert.ok(lanes.filter((lane) => lane === "transactional").length >= 19);
    assert.ok(lanes.includes("bulk"));
    // What one stream does not use, the other gets.
    for (let count = 0; count < 3; count++) await claim(store, { most: 10 });
    assert.equal((await claim(store, { most: 10 })).length, 10);
  });

  test(`${name}: no more octets are claimed than asked for, but always one message`, async (t) => {
    const store = await open(t);
    for (let count = 0; count < 4; count++) await store.call("enqueue", message({ size: 400 }));
    const request = { worker: "w", account, weights: {}, most: 10, now: 1 };
    assert.equal((await store.call("claim", { ...request, mostOctets: 100 })).claims.length, 1);
    assert.equal((await store.call("claim", { ...request, mostOctets: 800 })).claims.length, 2);
  });

  test(`${name}: all workers keep to the account's rate together`, async (t) => {
    const store = await open(t);
    for (let count = 0; count < 30; count++) await store.call("enqueue", message());
    const limits = { name: "default", messages: { amount: 10, period: 1_000 }, recipients: undefined };
    const take = async (worker: string, now: number): Promise<number> =>
      (await claim(store, { worker, now, account: limits })).length;
    assert.deepEqual([await take("a", 1_000), await take("b", 1_000), await take("a", 1_500)], [10, 0, 5]);
    const { limited, again } = await store.call("claim", {
      worker: "b",
      account: limits,
      weights: {},
      most: 5,
      mostOctets: 1e6,
      now: 1_500,
    });
    assert.deepEqual([limited, (again ?? 0) > 1_500], [true, true]);
  });

  test(`${name}: a rate of recipients counts recipients, and a message with more than it waits for a full bucket`, async (t) => {
    const store = await open(t);
    const many = Array.from({ length: 15 }, (_, at) => `r${at}@example.net`);
    for (let count = 0; count < 3; count++) await store.call("enqueue", message({ parts: [many] }));
    const limits = { name: "default", messages: undefined, recipients: { amount: 10, period: 1_000 } };
    const take = async (now: number): Promise<number> => (await claim(store, { now, account: limits })).length;
    assert.deepEqual([await take(1_000), await take(2_000), await take(2_500)], [1, 0, 1]);
  });

  test(`${name}: an account that failed rests, and then one message shows whether it serves again`, async (t) => {
    const store = await open(t);
    for (let count = 0; count < 5; count++) await store.call("enqueue", message());
    // Several that were on their way together are one failure.
    for (let count = 0; count < 3; count++) await store.call("tellAccount", { ...news, is: "failing", now: 1_000 });
    const request = { worker: "w", account, weights: {}, most: 5, mostOctets: 1e6 };
    assert.deepEqual(await store.call("claim", { ...request, now: 2_999 }), {
      claims: [],
      again: 3_000,
      probing: false,
      limited: false,
    });
    const probe = await store.call("claim", { ...request, now: 3_000 });
    assert.deepEqual([probe.claims.length, probe.probing], [1, true]);
    const meanwhile = await store.call("claim", { ...request, now: 3_050 });
    assert.deepEqual([meanwhile.claims.length, meanwhile.again], [0, 7_000]);
    await store.call("tellAccount", { ...news, is: "served", now: 3_100 });
    assert.equal((await store.call("claim", { ...request, now: 3_100 })).claims.length, 4);
  });

  test(`${name}: an account whose login was refused waits for a person`, async (t) => {
    const store = await open(t);
    await store.call("enqueue", message());
    await store.call("tellAccount", { ...news, is: "locked", now: 1 });
    assert.deepEqual(await claim(store, { now: 1e9 }), []);
    await store.call("pause", { account: "default", stream: undefined, paused: false, now: 2 });
    assert.equal((await claim(store, { now: 3 })).length, 1);
  });

  test(`${name}: an account is counted from its first message on, before any worker has asked for it`, async (t) => {
    const store = await open(t);
    const [first, held] = [
      { ...account, name: "a" },
      { ...account, name: "b" },
    ];
    for (const one of [first, held, held]) await store.call("enqueue", message({ account: one.name }));
    for (const one of await claim(store, { account: held })) await store.call("settle", settlement(one, "refuse"));
    await store.call("pause", { account: "c", stream: undefined, paused: true, now: 1 });
    const { accounts } = await store.call("counts", null);
    assert.deepEqual(
      accounts.map(({ name: of, paused }) => [of, paused]),
      [
        ["a", false],
        ["b", false],
        ["c", true],
      ],
    );
  });

  test(`${name}: a paused stream waits, and the others go on`, async (t) => {
    const store = await open(t);
    for (const stream of ["bulk", "transactional"]) await store.call("enqueue", message({ stream }));
    const pause = { account: "default", stream: "bulk", now: 1 };
    await store.call("pause", { ...pause, paused: true });
    assert.deepEqual(
      (await claim(store)).map(({ lane }) => lane),
      ["transactional"],
    );
    await store.call("pause", { ...pause, paused: false });
    assert.deepEqual(
      (await claim(store)).map(({ lane }) => lane),
      ["bulk"],
    );
  });

  test(`${name}: a domain that defers five times in a row gets a lane of its own, with a probe`, async (t) => {
    const store = await open(t);
    const toDomain = (domain: string): Promise<unknown> =>
      store.call("enqueue", message({ parts: [[`bob@${domain}`]], expires: 1e9 }));
    for (let count = 0; count < 8; count++) await toDomain("slow.example");
    for (let count = 0; count < 5; count++) await defer(store, 10, "recipient");
    await toDomain("fast.example");
    const next = await claim(store, { now: 11 });
    assert.deepEqual(
      next.map(({ recipients }) => recipients),
      [["bob@fast.example"]],
    );
    const [lane] = (await store.call("counts", null)).lanes.filter(({ domain }) => domain !== undefined);
    assert.equal(lane?.domain, "slow.example");
    const probe = await claim(store, { now: (lane?.heldUntil ?? 0) + 1 });
    assert.deepEqual(
      probe.map(({ recipients }) => recipients),
      [["bob@slow.example"]],
    );
    const [claimed] = probe;
    assert.ok(claimed !== undefined);
    assert.deepEqual(await claim(store, { now: (lane?.heldUntil ?? 0) + 2 }), []);
    await store.call("settle", settlement(claimed, "finish", { now: 2e6 }));
    assert.equal((await claim(store, { now: 2e6 })).length, 2);
  });

  test(`${name}: a domain in trouble gets one probe, however little there is beside it`, async (t) => {
    const store = await open(t);
    const to = (address: string): Promise<unknown> =>
      store.call("enqueue", message({ parts: [[address]], expires: 1e9 }));
    for (let count = 0; count < 8; count++) await to("bob@slow.example");
    for (let count = 0; count < 5; count++) await defer(store, 10, "recipient");
    await claim(store, { now: 11 });
    await to("bob@fast.example");
    const [lane] = (await store.call("counts", null)).lanes.filter(({ domain }) => domain !== undefined);
    const claims = await claim(store, { now: (lane?.heldUntil ?? 0) + 1, most: 4 });
    assert.deepEqual(claims.flatMap(({ recipients }) => recipients).toSorted(), [
      "bob@fast.example",
      "bob@slow.example",
    ]);
  });

  test(`${name}: none of many messages to a domain in trouble is given out before its time, and the others soon are`, async (t) => {
    const store = await open(t);
    const toDomain = (domain: string, count: number): Promise<unknown> =>
      Promise.all(
        Array.from({ length: count }, () =>
          store.call("enqueue", message({ parts: [[`bob@${domain}`]], expires: 1e9 })),
        ),
      );
    await toDomain("slow.example", 2_500);
    await toDomain("fast.example", 20);
    for (let count = 0; count < 5; count++) await defer(store, 10, "recipient");
    const given: string[] = [];
    for (let turn = 0; turn < 4; turn++)
      for (const { recipients } of await claim(store, { now: 11, most: 32 })) given.push(...recipients);
    assert.deepEqual(
      given,
      Array.from({ length: 20 }, () => "bob@fast.example"),
    );
  });

  test(`${name}: what the server says at MAIL is not the domain's trouble, and one success ends the count`, async (t) => {
    const store = await open(t);
    for (let count = 0; count < 20; count++) await store.call("enqueue", message());
    for (let count = 0; count < 6; count++) await defer(store, 10, "mail");
    for (let count = 0; count < 4; count++) await defer(store, 10, "recipient");
    await store.call("settle", settlement(await claimOne(store, { now: 10 }), "finish", { now: 10 }));
    for (let count = 0; count < 4; count++) await defer(store, 10, "recipient");
    assert.equal((await claim(store, { now: 11, most: 5 })).length, 5);
  });

  test(`${name}: what is dead is retried by hand while its octets are there`, async (t) => {
    const store = await open(t);
    const [kept, gone] = [message({ tags: ["invoice"] }), message({ tags: ["invoice"] })];
    for (const [one, keepBody] of [
      [kept, 100],
      [gone, 0],
    ] as const) {
      await store.call("enqueue", one);
      await store.call("settle", settlement(await claimOne(store), "exhaust", { keepBody }));
    }
    const where = { tag: "invoice", state: "dead", limit: 10 } as const;
    assert.deepEqual(await store.call("retry", { where, now: 5, reason: undefined }), {
      changed: 1,
      kept: { dead: 1 },
    });
    assert.deepEqual([await stateOf(store, kept.id), await stateOf(store, gone.id)], ["waiting", "dead"]);
  });
}
