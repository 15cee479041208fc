import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { AbortedError } from "../errors/aborted-error.ts";
import { InputError } from "../errors/input-error.ts";
import { UnreadResultsError } from "../errors/unread-results-error.ts";
import type { Message } from "../message/input.ts";
import type { Receipt } from "../outcome/receipt.ts";
import { sendAll, type SendResult } from "./send-all.ts";

/** The next result; `undefined` after the last. */
async function next(results: AsyncGenerator<SendResult, void>): Promise<SendResult | undefined> {
  const { done, value } = await results.next();
  return done === true ? undefined : value;
}

const message = (name: string): Message => ({ from: `${name}@x.example`, to: "b@x.example", text: "" });
const receipt: Receipt = { sender: "a@x.example", recipients: [] };
const succeed = async (): Promise<Receipt> => receipt;

/** A source that counts how many messages were read. */
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

test("the source is read only as far ahead as results are taken", async () => {
  const { messages, read } = source(1_000);
  const results = sendAll(messages, succeed, 5);
  await results.next();
  for (let at = 0; at < 10; at += 1) await turn();
  assert.ok(read() <= 7, `${read()} were read`);
  for (let at = 0; at < 10; at += 1) await results.next();
  assert.ok(read() <= 17, `${read()} were read`);
  await assert.rejects(results.return(undefined), UnreadResultsError);
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

test("what the source throws comes after the results of what it gave", async () => {
  async function* failing(): AsyncGenerator<Message> {
    yield message("a");
    throw new RangeError("no more rows");
  }
  const results = sendAll(failing(), succeed, 10);
  assert.equal((await next(results))?.receipt, receipt);
  await assert.rejects(results.next(), RangeError);
});

/** Leaves the loop at the first result, and returns what that throws. */
async function leave(results: AsyncGenerator<SendResult, void>): Promise<unknown> {
  try {
    for await (const result of results) {
      assert.ok(result.receipt);
      break;
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

test("leaving the loop waits for what was begun, closes the source, and throws the results that were not taken", async () => {
  const { messages, read, closed } = source(1_000);
  let finished = 0;
  const slow = async (): Promise<Receipt> => {
    await turn();
    finished += 1;
    return receipt;
  };
  const error = await leave(sendAll(messages, slow, 5));
  assert.ok(read() < 10);
  assert.ok(error instanceof UnreadResultsError);
  assert.equal(error.results.length, read() - 1, "all that was read, but the one that was taken");
  const unsent = error.results.filter((one) => typeof one === "object" && one !== null && "error" in one);
  assert.equal(unsent.length, read() - finished);
  await turn();
  assert.equal(closed(), true);
});

test("leaving the loop after every result was taken throws nothing", async () => {
  assert.equal(await leave(sendAll([message("a")], succeed, 5)), undefined);
});

/** A source that gives one message and then, until `give` is called, no other. It knows whether it was closed. */
function stuck(): {
  readonly messages: AsyncIterable<Message>;
  readonly closed: () => boolean;
  readonly give: () => void;
} {
  const late = Promise.withResolvers<IteratorResult<Message>>();
  let [asked, isClosed] = [0, false];
  const iterator: AsyncIterator<Message> = {
    next: () => {
      asked += 1;
      return asked === 1 ? Promise.resolve({ done: false, value: message("first") }) : late.promise;
    },
    return: () => {
      isClosed = true;
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  return {
    messages: { [Symbol.asyncIterator]: () => iterator },
    closed: () => isClosed,
    give: () => late.resolve({ done: false, value: message("late") }),
  };
}

test("a source that never gives its next message does not keep the loop from being left, and what it gives later is not sent", async () => {
  const { messages, closed, give } = stuck();
  let sent = 0;
  const count = async (): Promise<Receipt> => {
    sent += 1;
    return receipt;
  };
  assert.equal(await leave(sendAll(messages, count, 5)), undefined);
  assert.equal(closed(), true);
  give();
  await turn();
  assert.equal(sent, 1);
});

test("with an aborted signal nothing is read from the source", async () => {
  const { messages, read } = source(100_000);
  const results = sendAll(messages, succeed, 5, AbortSignal.abort(new Error("stop")));
  await assert.rejects(results.next(), { code: "MAIL_ABORTED" });
  assert.equal(read(), 0);
});

test("an abort ends the reading at once: the loop yields the results of what was read, and then throws", async () => {
  const { messages, closed } = stuck();
  const abort = new AbortController();
  const send = async (): Promise<Receipt> => {
    if (abort.signal.aborted) throw new AbortedError(abort.signal.reason);
    return receipt;
  };
  const results = sendAll(messages, send, 5, abort.signal);
  assert.equal((await next(results))?.receipt, receipt);
  const pending = results.next();
  await turn();
  abort.abort(new Error("stop"));
  await assert.rejects(pending, { code: "MAIL_ABORTED" });
  assert.equal(closed(), true);
  assert.deepEqual(getEventListeners(abort.signal, "abort"), []);
});

test("a message that comes just as the reading ends has a result", async () => {
  const { messages, give } = stuck();
  const abort = new AbortController();
  const first = Promise.withResolvers<Receipt>();
  const send = (one: Message): Promise<Receipt> =>
    abort.signal.aborted
      ? Promise.reject(new AbortedError(abort.signal.reason))
      : first.promise.then(() => one && receipt);
  const results = sendAll(messages, send, 5, abort.signal);
  const pending = next(results);
  await turn();
  abort.abort(new Error("stop"));
  give();
  await turn();
  first.resolve(receipt);
  const both = [await pending, await next(results)];
  assert.deepEqual(new Set(both.map((one) => one?.error?.code)), new Set(["MAIL_ABORTED", undefined]));
  await assert.rejects(results.next(), { code: "MAIL_ABORTED" });
});

test("a consumer that throws leaves an endless source, and keeps its own error", async () => {
  const { messages, closed } = source(Infinity);
  const mine = new RangeError("mine");
  await assert.rejects(
    async () => {
      for await (const { receipt: given } of sendAll(messages, succeed, 5)) if (given !== undefined) throw mine;
    },
    (error) => error === mine,
  );
  await turn();
  assert.equal(closed(), true);
});

test("a source that takes its time over its last message is waited for: the message is in the error", async () => {
  let read = 0;
  async function* slow(): AsyncGenerator<Message> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield message(`m${(read += 1)}`);
    }
  }
  const error = await leave(sendAll(slow(), succeed, 5));
  assert.ok(error instanceof UnreadResultsError);
  assert.equal(error.results.length, read - 1);
});

test("a source that ends the reading while it yields is closed once it has yielded", async () => {
  const abort = new AbortController();
  let isClosed = false;
  function* aborting(): Generator<Message> {
    try {
      yield message("a");
      abort.abort(new Error("stop"));
      yield message("b");
    } finally {
      isClosed = true;
    }
  }
  const results = sendAll(aborting(), succeed, 5, abort.signal);
  await assert.rejects(async () => {
    for await (const result of results) assert.ok(result.message);
  }, AbortedError);
  assert.ok(isClosed);
});
