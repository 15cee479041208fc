import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { type Pass, Turnstile } from "./turnstile.ts";

test("one goes through at a time, in the order they came", async () => {
  const turnstile = new Turnstile();
  const order: string[] = [];
  const pass = async (name: string): Promise<void> => {
    const leave = await turnstile.enter();
    order.push(`${name} in`);
    await Promise.resolve();
    order.push(`${name} out`);
    leave();
  };
  await Promise.all([pass("a"), pass("b"), pass("c")]);
  assert.deepEqual(order, ["a in", "a out", "b in", "b out", "c in", "c out"]);
});

test("one that comes just as another leaves does not slip in before those that wait", async () => {
  const turnstile = new Turnstile();
  const order: string[] = [];
  const leave = await turnstile.enter();
  const waiting = turnstile.enter().then((go) => {
    order.push("waited");
    go();
  });
  leave();
  const late = turnstile.enter().then((go) => {
    order.push("late");
    go();
  });
  await Promise.all([waiting, late]);
  assert.deepEqual(order, ["waited", "late"]);
});

test("giving up while waiting rejects with the reason, and holds up no other", async () => {
  const turnstile = new Turnstile();
  const leave = await turnstile.enter();
  const abort = new AbortController();
  const reason = new Error("changed my mind");
  const gaveUp = turnstile.enter(abort.signal);
  const next = turnstile.enter();
  abort.abort(reason);
  await assert.rejects(gaveUp, reason);
  leave();
  (await next)();
  (await turnstile.enter())();
});

test("one whose signal is aborted already does not enter, even if no other is in", async () => {
  const reason = new Error("too late");
  await assert.rejects(new Turnstile().enter(AbortSignal.abort(reason)), reason);
});

test("an abort after going through changes nothing", async () => {
  const turnstile = new Turnstile();
  const abort = new AbortController();
  const first = await turnstile.enter();
  const second = turnstile.enter(abort.signal);
  first();
  const leave = await second;
  abort.abort();
  const third = turnstile.enter();
  leave();
  (await third)();
});

const one = { commands: 3, octets: 10 };

/** A turnstile whose window is open that far. */
function opened(width: number, limit: number = width): Turnstile {
  const turnstile = new Turnstile(limit);
  for (let at = 1; at < width; at += 1) turnstile.take(one).done(true);
  return turnstile;
}

/** Writes everything at once. */
function begin(turnstile: Turnstile, load: typeof one = one): Pass {
  const pass = turnstile.take(load);
  pass.written();
  return pass;
}

test("the writing side belongs to one until its last octet, then to the next, before any reply", () => {
  const turnstile = opened(2);
  const first = turnstile.take(one);
  assert.equal(turnstile.admits(one), false);
  first.written();
  assert.equal(turnstile.admits(one), true);
});

test("the window begins at one, grows with each message that was taken, and stops at its limit", () => {
  const turnstile = new Turnstile(3);
  for (const width of [1, 2, 3, 3]) {
    const passes: Pass[] = [];
    while (turnstile.admits(one)) passes.push(begin(turnstile));
    assert.equal(passes.length, width);
    passes[0]?.done(true);
    for (const pass of passes.slice(1)) pass.done(false);
  }
});

test("after a refusal none goes through until all are answered", () => {
  const turnstile = opened(8);
  const [first, second, third] = [begin(turnstile), begin(turnstile), begin(turnstile)];
  first.done(false);
  assert.equal(turnstile.admits(one), false);
  second.done(true);
  assert.equal(turnstile.admits(one), false);
  third.done(true);
  assert.equal(turnstile.admits(one), true);
});

test("commands and octets in flight are limited, not only conversations", () => {
  const turnstile = opened(8);
  begin(turnstile);
  assert.equal(turnstile.admits({ commands: 21, octets: 10 }), true);
  assert.equal(turnstile.admits({ commands: 22, octets: 10 }), false);
  assert.equal(turnstile.admits({ commands: 3, octets: 1024 * 1024 }), false);
});

test("one that goes alone waits for all before it, and none follows until it is done", async () => {
  const turnstile = opened(8);
  const [first, second] = [begin(turnstile), begin(turnstile)];
  const order: string[] = [];
  const alone = turnstile.enter().then((leave) => {
    order.push("alone");
    return leave;
  });
  const after = turnstile.pass(one).then((pass) => {
    order.push("after");
    return pass;
  });
  first.done(true);
  await turn();
  assert.deepEqual(order, []);
  second.done(true);
  const leave = await alone;
  assert.deepEqual(order, ["alone"]);
  leave();
  (await after).done(true);
});

test("leaving twice counts once", () => {
  const turnstile = opened(2);
  const pass = turnstile.take(one);
  for (let time = 0; time < 2; time += 1) {
    pass.written();
    pass.done(true);
  }
  assert.equal(turnstile.inFlight, 0);
});

test("the turnstile says whether the last that went through has more to write", () => {
  const turnstile = opened(2);
  const pass = turnstile.take(one);
  assert.equal(turnstile.isWriting, true);
  pass.written();
  assert.equal(turnstile.isWriting, false);
});
