import assert from "node:assert/strict";
import { test } from "node:test";
import { phases } from "../errors/network-error.ts";
import { resolveTimeouts, timeoutOf } from "./timeouts.ts";

const defaults = resolveTimeouts(undefined);

test("without changes the deadlines are the defaults", () => {
  assert.deepEqual(resolveTimeouts({}), defaults);
  assert.deepEqual([defaults.connect, defaults.envelope, defaults.finalReply], [10_000, 60_000, 600_000]);
});

test("a change changes one deadline", () => {
  assert.deepEqual(resolveTimeouts({ finalReply: 5 }), { ...defaults, finalReply: 5 });
});

for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2_147_483_648]) {
  test(`a deadline of ${value} is refused: a timer of Node would fire at once, or never`, () => {
    assert.throws(() => resolveTimeouts({ connect: value }), {
      name: "InputError",
      code: "MAIL_INPUT_OPTION",
      field: "timeouts.connect",
    });
  });
}

test("the longest deadline that a timer can hold is accepted", () => {
  assert.equal(resolveTimeouts({ connect: 2_147_483_647 }).connect, 2_147_483_647);
});

test("an unknown deadline is refused, not dropped", () => {
  const changes: object = { conect: 5 };
  assert.throws(() => resolveTimeouts(changes), { name: "InputError", field: "timeouts.conect" });
  const text: { connect: number } = JSON.parse('{"connect":"5000"}');
  assert.throws(() => resolveTimeouts(text), { name: "InputError", field: "timeouts.connect" });
});

test("each phase waits for its own deadline", () => {
  const own = resolveTimeouts({
    connect: 1,
    greeting: 2,
    ehlo: 3,
    startTls: 4,
    handshake: 5,
    auth: 6,
    envelope: 7,
    body: 8,
    finalReply: 9,
    handover: 11,
    command: 10,
  });
  assert.deepEqual(
    phases.map((phase) => timeoutOf(phase, own)),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10],
  );
  assert.equal(timeoutOf("quit", defaults), 2_000);
});
