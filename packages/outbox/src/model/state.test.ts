import assert from "node:assert/strict";
import { test } from "node:test";
import { events, isOver, next, type State, states, statesBefore } from "./state.ts";

test("nothing leaves done or cancelled, and only a person's retry leaves dead", () => {
  const leaving = (state: State): readonly string[] => events.filter((event) => next(state, event) !== undefined);
  assert.deepEqual(leaving("done"), []);
  assert.deepEqual(leaving("cancelled"), []);
  assert.deepEqual(leaving("dead"), ["retry"]);
  assert.deepEqual(states.filter(isOver), ["done", "dead", "cancelled"]);
});

test("a message is handed over only from leased, by a mark", () => {
  assert.deepEqual(
    events.filter((event) => states.some((state) => next(state, event) === "marked")),
    ["mark"],
  );
  assert.deepEqual(statesBefore("mark"), ["leased", "marked"]);
});

test("what is marked cannot be cancelled, does not expire, and is not taken back as unsent", () => {
  for (const event of ["cancel", "expire", "reclaim", "retry"] as const) assert.equal(next("marked", event), undefined);
});

test("every state can be reached from waiting, and from every state that is not over one that is", () => {
  const after = (state: State): readonly State[] => events.flatMap((event) => next(state, event) ?? []);
  const reached = (from: State, seen: ReadonlySet<State> = new Set([from])): ReadonlySet<State> =>
    after(from).reduce((all, one) => (all.has(one) ? all : reached(one, new Set([...all, one]))), seen);
  assert.deepEqual(new Set(states), reached("waiting"));
  for (const state of states) assert.ok([...reached(state)].some(isOver), state);
});
