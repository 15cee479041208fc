/** What a search names: a mistake in a program must not turn into every message. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createOutbox } from "./outbox.ts";
import type { Search } from "./outbox-api.ts";

const letter = { from: "shop@example.com", to: "bob@Example.ORG", text: "Hello." };

/** As a program without types may call it. */
interface AsJavaScript {
  resolve(id: unknown, as: unknown): Promise<unknown>;
  show(id: unknown): Promise<unknown>;
}
const untyped = (search: object): Search => search;

test("a search that names no messages changes none: an id that is undefined would be all of them", async () => {
  await using outbox = await createOutbox("sqlite::memory:");
  await outbox.enqueue(letter);
  for (const [search, field] of [
    [{}, "search"],
    [{ limit: 1 }, "search"],
    [{ after: 0 }, "search"],
    [{ id: undefined }, "id"],
    [{ id: undefined, state: "waiting" }, "id"],
  ] as const) {
    await assert.rejects(outbox.cancel(search), { code: "MAIL_INPUT_OPTION", field });
    await assert.rejects(outbox.retry(search), { code: "MAIL_INPUT_OPTION", field });
  }
  for (const search of [{ id: null }, { id: 5 }, { recipient: ["bob@example.org"] }, { tag: true }])
    await assert.rejects(outbox.cancel(untyped(search)), { code: "MAIL_INPUT_OPTION" });
  const untypedOutbox: AsJavaScript = outbox;
  await assert.rejects(untypedOutbox.resolve(undefined, "again"), { code: "MAIL_INPUT_OPTION", field: "id" });
  await assert.rejects(untypedOutbox.show(undefined), { code: "MAIL_INPUT_OPTION", field: "id" });
  assert.deepEqual(
    (await outbox.list()).map(({ state }) => state),
    ["waiting"],
  );
  assert.deepEqual(await outbox.cancel({ state: "waiting" }), { changed: 1, kept: {} });
});

test("a search that is not understood is refused, with its name, and is not said to be a fault of the disk", async () => {
  await using outbox = await createOutbox("sqlite::memory:");
  for (const [search, field] of [
    [{ state: "hold" }, "state"],
    [{ limit: 0 }, "limit"],
    [{ limit: 1.5 }, "limit"],
    [{ after: "7" }, "after"],
    [{ recipients: "bob@example.org" }, "recipients"],
  ] as const)
    await assert.rejects(outbox.list(untyped(search)), { code: "MAIL_INPUT_OPTION", field });
  await assert.rejects(outbox.purge({ before: new Date(Number.NaN) }), { code: "MAIL_INPUT_OPTION", field: "before" });
});
