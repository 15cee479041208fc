import assert from "node:assert/strict";
import { test } from "node:test";
import { parseConfiguration } from "./configuration.ts";

function parse(keys: string, top = "") {
  const toml = `${top}\n[accounts.a]\nserver = "submission://x.example"\n${keys}\n`;
  return parseConfiguration(toml, "/home/alice/.config/postseal/config.toml");
}

test("an account says whether sendmail queues, what becomes of doubt, and what the provider allows", () => {
  const { problems, accounts, outbox } = parse(
    'queue = true\non-unknown = "redeliver"\nmessages-per-minute = 60\nrecipients-per-day = 1000',
    'outbox = "../../mail.db"',
  );
  assert.deepEqual(problems, []);
  assert.equal(outbox, "/home/alice/mail.db");
  assert.partialDeepStrictEqual(accounts[0]?.outbox, {
    queues: true,
    onUnknown: "redeliver",
    rate: { messagesPerMinute: 60, recipientsPerDay: 1000 },
  });
  assert.partialDeepStrictEqual(parse("").accounts[0]?.outbox, { queues: false, onUnknown: undefined });
});

test("a key that is not understood stops everything, with its line", () => {
  for (const [keys, what, top] of [
    ['queue = "yes"', /queue is neither true nor false/],
    ['on-unknown = "drop"', /on-unknown has a value that is not one of its words/],
    ["messages-per-second = 0", /messages-per-second is not a whole number of at least 1/],
    ["messages-per-second = 1.5", /messages-per-second is not a whole number of at least 1/],
    ["messages-per-second = 1\nmessages-per-minute = 60", /exclude each other/],
    ["recipients-per-minute = 1\nrecipients-per-day = 60", /exclude each other/],
    ["queu = true", /there is no key queu/],
    ["", /outbox is not the path of a file/, 'outbox = "mail.db"'],
  ] as const) {
    const { problems } = parse(keys, top);
    assert.equal(problems.length, 1, keys);
    assert.match(problems[0]?.what ?? "", what);
    assert.ok((problems[0]?.line ?? 0) > 0);
  }
});
