/** Each call reads its options: one that is misspelt, or is no value of its kind, is refused with its name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outbox } from "@postseal/outbox";
import { letter, rigFor } from "./rig.ts";

/** As JavaScript calls it. */
const calls: readonly (readonly [name: string, options: object, field: string])[] = [
  ["events", { follow: "yes" }, "follow"],
  ["events", { follw: true }, "follw"],
  ["events", { after: -1 }, "after"],
  ["events", { after: "7" }, "after"],
  ["events", { signal: new AbortController() }, "signal"],
  ["work", { onFailed: () => {} }, "onFailed"],
  ["work", { onFailure: true }, "onFailure"],
  ["pause", { acount: "default" }, "acount"],
  ["resume", { stream: 1 }, "stream"],
  ["list", { limit: 0 }, "limit"],
  ["cancel", { tags: "a" }, "tags"],
  ["purge", { befor: new Date() }, "befor"],
  ["purge", { recipient: 1 }, "recipient"],
  ["close", { grace: "5 s" }, "grace"],
  ["close", { grace: -1 }, "grace"],
  ["close", { force: true }, "force"],
];

test("what a call does not understand is refused, and the outbox goes on", async (t) => {
  const { server, outbox } = await rigFor(t);
  for (const [name, options, field] of calls)
    await assert.rejects(
      async () => call(outbox, name, options),
      { code: "MAIL_INPUT_OPTION", field },
      `${name} ${field}`,
    );
  await outbox.enqueue(letter);
  await outbox.drain();
  assert.equal(server.messages.length, 1);
});

test("a worker's close reads its options too, and a grace longer than any timer is long", async (t) => {
  const { outbox } = await rigFor(t);
  const worker = outbox.work();
  await assert.rejects(async () => call(worker, "close", { grce: 1 }), { code: "MAIL_INPUT_OPTION", field: "grce" });
  await worker.close({ grace: Number.MAX_SAFE_INTEGER });
});

async function call(target: Outbox | object, name: string, options: object): Promise<unknown> {
  const method: unknown = Reflect.get(target, name);
  assert.ok(typeof method === "function");
  return Reflect.apply(method, target, [options]);
}
