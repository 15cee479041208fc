import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { InputError } from "../errors/input-error.ts";
import type { Message } from "../message/input.ts";
import type { Receipt } from "../outcome/receipt.ts";
import { sendAll, type SendResult } from "./send-all.ts";

/** The next result; `undefined` behind the last. */
async function next(results: AsyncGenerator<SendResult, void>): Promise<SendResult | undefined> {
  const { done, value } = await results.next();
  return done === true ? undefined : value;
}

const message = (name: string): Message => ({ from: `${name}@x.example`, to: "b@x.example", text: "" });
const receipt: Receipt = { sender: "a@x.example", recipients: [] };
const succeed = async (): Promise<Receipt> => receipt;

/** Says how many were read. */
function source(count: number): {
  readonly messages: AsyncGenerator<Message>;
  readonly read: () => number;
  readonly closed: () => boolean;
} {
  let [read, closed] = [0, false];
  async function* messages(): AsyncGenerator<Message> {
    try {
      for (; read < count;) yield message(`m${(read += 1)}`);
    } finally {
      closed = true;
    }
  }
  return { messages: messages(), read: () => read, closed: () => closed };
}

test("each message has its result, and the caller's own object with it", async () => {
  const given = [message("a"), message("b")];
  const results = [];
  for await (const result of sendAll(given, succeed, 10)) results.push(result);
  assert.deepEqual(new Set(results.map((one) => one.message)), new Set(given));
  assert.ok(results.every((one) => one.receipt === receipt));
});

test("results come as they are known, and not in the order of the messages", async () => {
  const slow = Promise.withResolvers<Receipt>();
  const [a, b] = [message("a"), message("b")];
  const results = sendAll([a, b], (one) => (one === a ? slow.promise : succeed()), 10);
  assert.equal((await next(results))?.message, b);
  slow.resolve(receipt);
  assert.equal((await next(results))?.message, a);
  assert.equal(await next(results), undefined);
});

test("the source is read no further ahead than results are taken", async () => {
  const { messages, read } = source(1_000);
  const results = sendAll(messages, succeed, 5);
  await results.next();
  for (let at = 0; at < 10; at += 1) await turn();
  assert.ok(read() <= 7, `${read()} were read`);
  for (let at = 0; at < 10; at += 1) await results.next();
  assert.ok(read() <= 17, `${read()} were read`);
  await results.return(undefined);
});

test("a message that fails is a result; the others go on", async () => {
  const bad = message("bad");
  const fail = (one: Message): Promise<Receipt> =>
    one === bad ? Promise.reject(new InputError("MAIL_INPUT_ADDRESS", "to", "is no mailbox")) : succeed();
  const results = [];
  for await (const result of sendAll([message("a"), bad, message("b")], fail, 10)) results.push(result);
  assert.equal(results.length, 3);
  assert.equal(results.find((result) => result.message === bad)?.error?.code, "MAIL_INPUT_ADDRESS");
  assert.equal(results.filter(({ error }) => error === undefined).length, 2);
});

test("what the source throws comes behind the results of what it gave", async () => {
  async function* failing(): AsyncGenerator<Message> {
    yield message("a");
    throw new RangeError("no more rows");
  }
  const results = sendAll(failing(), succeed, 10);
  assert.equal((await next(results))?.receipt, receipt);
  await assert.rejects(results.next(), RangeError);
});

test("who leaves early waits for what was begun, and the source is closed", async () => {
  const { messages, read, closed } = source(1_000);
  let finished = 0;
  const slow = async (): Promise<Receipt> => {
    await turn();
    finished += 1;
    return receipt;
  };
  for await (const result of sendAll(messages, slow, 5)) {
    assert.ok(result.receipt);
    break;
  }
  assert.ok(read() < 10);
  assert.ok(finished >= read() - 1, `${finished} of ${read()}`);
  await turn();
  assert.equal(closed(), true);
});
