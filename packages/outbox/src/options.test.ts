import assert from "node:assert/strict";
import { test } from "node:test";
import { readAccount } from "./delivery/account.ts";
import { readEnqueueOptions } from "./enqueue/enqueue-options.ts";
import { readOptions } from "./options.ts";
import { readSettings } from "./settings.ts";

const server = "submission://mail.example.com";
const readEnqueue = (given: object): unknown => readEnqueueOptions(given);

test("what is on Object.prototype is no option", (t) => {
  Reflect.defineProperty(Object.prototype, "key", { value: "planted", enumerable: true, configurable: true });
  t.after(() => Reflect.deleteProperty(Object.prototype, "key"));
  assert.equal(readEnqueueOptions({}).key, undefined);
  assert.equal(Object.keys(readOptions({ key: "own" }, ["key"], "")).length, 1);
});

test("what is not understood is refused, with its name", () => {
  const wrong: readonly (readonly [given: object, field: string])[] = [
    [{ keys: "a" }, "keys"],
    [{ key: "" }, "key"],
    [{ key: "x".repeat(257) }, "key"],
    [{ stream: "two words" }, "stream"],
    [{ stream: "@example.org" }, "stream"],
    [{ account: 1 }, "account"],
    [{ at: "2026-01-01" }, "at"],
    [{ at: new Date(Number.NaN) }, "at"],
    [{ expires: new Date(0) }, "expires"],
    [{ onUnknown: "drop" }, "onUnknown"],
    [{ tags: "invoice" }, "tags"],
    [{ tags: ["a b"] }, "tags[0]"],
    [{ floor: { pins: [] } }, "floor.pins"],
    [{ floor: { minVersion: "TLSv1.1" } }, "floor.minVersion"],
    [{ transaction: {} }, "transaction"],
    [Object.create({ key: "inherited" }), "key"],
    [new Map([["key", "a"]]), "options"],
  ];
  for (const [given, field] of wrong)
    assert.throws(() => readEnqueue(given), { code: "MAIL_INPUT_OPTION", field }, JSON.stringify(given));
});

test("an outbox refuses what it does not understand before it opens anything", () => {
  const wrong: readonly (readonly [options: object, field: string])[] = [
    [{ account: {} }, "account"],
    [{ accounts: { "a b": { server } } }, "accounts"],
    [{ accounts: { default: { server, rate: { messagesPerHour: 1 } } } }, "accounts.default.rate.messagesPerHour"],
    [{ accounts: { default: { server, rate: { messagesPerSecond: 0 } } } }, "accounts.default.rate.messagesPerSecond"],
    [{ accounts: { default: { server, pool: { messagesPerSecond: 1 } } } }, "accounts.default.pool"],
    [{ accounts: { default: { server, onUnknown: "x" } } }, "accounts.default.onUnknown"],
    [{ accounts: { default: { server, secure: false } } }, "secure"],
    [{ accounts: { default: Object.create({ server }) } }, "accounts.default"],
    [{ streams: { bulk: 0 } }, "streams.bulk"],
    [{ lifetime: -1 }, "lifetime"],
    [{ silence: 10 }, "silence"],
    [{ development: "yes" }, "development"],
  ];
  for (const [options, field] of wrong)
    assert.throws(() => readSettings("sqlite:mail.db", options), { code: "MAIL_INPUT_OPTION", field }, field);
  for (const location of ["mail.db", "sqlite:", "postgres://db"])
    assert.throws(() => readSettings(location, {}), { code: "MAIL_INPUT_URL" });
});

test("an account promises what its TLS options say, and nothing secret", () => {
  const tls = { minVersion: "TLSv1.3", postQuantum: "require", pins: [`${"A".repeat(43)}=`] } as const;
  const { floor } = readAccount("default", { server: "submission://user:secret@Mail.Example.com", tls });
  assert.deepEqual(floor, {
    server: "mail.example.com",
    minVersion: "TLSv1.3",
    postQuantum: "require",
    pinned: true,
    ownAuthorities: undefined,
  });
});
