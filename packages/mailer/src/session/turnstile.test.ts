import assert from "node:assert/strict";
import { test } from "node:test";
import { Turnstile } from "./turnstile.ts";

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

test("who comes in the moment when another leaves does not slip in before who waits", async () => {
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

test("who gives up while waiting is told the reason and holds nobody up", async () => {
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

test("who had given up before does not enter, though nobody is in", async () => {
  const reason = new Error("too late");
  await assert.rejects(new Turnstile().enter(AbortSignal.abort(reason)), reason);
});

test("an abort behind the turnstile changes nothing there", async () => {
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
