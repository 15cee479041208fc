/**
 * An attacker who can make a send fail must not be able to make it leave a file open: each message would cost a descriptor,
 * until the process has none. On every path, a stream that was handed over is closed once its message has an outcome.
 */
import assert from "node:assert/strict";
import {
  createReadStream,
  existsSync,
  readdirSync,
  readlinkSync,
  type ReadStream,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { makePrivateFolder } from "@postseal/lab";
import { connectSealed, createMailer, type Mailer, type Message, type OctetStream } from "@postseal/mailer";
import { type Failure, startTestServer, type TestServer } from "@postseal/testing";

const folder = makePrivateFolder("handed-over");
const file = path.join(folder, "body.txt");
let server: TestServer;
before(async () => {
  writeFileSync(file, `From: a@b.example\r\n\r\n${"line\r\n".repeat(100_000)}`);
  server = await startTestServer();
});
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const envelope = { from: "a@b.example", to: "c@d.example" };

/** The stream as a ready-made message, and as an attachment. */
const forms: readonly (readonly [name: string, make: (stream: OctetStream) => Message])[] = [
  ["a ready-made message", (message) => ({ envelope, message })],
  ["an attachment", (source) => ({ ...envelope, text: "x", attachments: [{ source, filename: "a.bin" }] })],
];

/** How often this process has the file open; 0 if the system cannot say. */
function descriptors(): number {
  if (!existsSync("/proc/self/fd")) return 0;
  return readdirSync("/proc/self/fd").filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`) === file;
    } catch {
      return false;
    }
  }).length;
}

function mailerTo(options: { readonly url?: string; readonly connect?: () => Promise<never> } = {}): Mailer {
  const { url = server.url, connect } = options;
  return createMailer(url, { tls: server.tls, ...(connect === undefined ? {} : { connect }) });
}

async function closed(stream: ReadStream): Promise<void> {
  if (!stream.closed) await new Promise<void>((resolve) => void stream.once("close", () => resolve()));
}

interface Path {
  readonly name: string;
  readonly failure?: Failure;
  /** The code that the error must have, if one is required. */
  readonly code?: string;
  send(message: Message): Promise<unknown>;
}

const unreachable = "submission://127.0.0.1:1";
const paths: readonly Path[] = [
  { name: "the message is sent", send: (message) => mailerTo().send(message) },
  {
    name: "a field of the message is misspelt",
    send: (message) => mailerTo().send(Object.assign({ bccc: "x" }, message)),
  },
  {
    name: "an address is bad",
    code: "MAIL_INPUT_ADDRESS",
    send: (message) => mailerTo().send(misaddressed(message)),
  },
  {
    name: "an option is bad",
    // @ts-expect-error a caller without types may give it
    send: (message) => mailerTo().send(message, { signal: new AbortController() }),
  },
  {
    name: "the recipient is refused",
    failure: { at: "recipient", reply: "550 5.1.1 Nobody" },
    send: (message) => mailerTo().send(message),
  },
  {
    name: "the sender is refused",
    failure: { at: "sender", reply: "550 5.7.1 No" },
    send: (message) => mailerTo().send(message),
  },
  { name: "the message is refused", failure: "552", send: (message) => mailerTo().send(message) },
  { name: "the connection is cut", failure: "cut", send: (message) => mailerTo().send(message) },
  { name: "nobody listens", send: (message) => mailerTo({ url: unreachable }).send(message) },
  {
    name: "the send is aborted before it begins",
    send: (message) => mailerTo().send(message, { signal: AbortSignal.abort() }),
  },
  {
    name: "the send is aborted while it waits for a connection",
    send: (message) => {
      const abort = new AbortController();
      const mailer = mailerTo({ connect: () => new Promise(() => {}) });
      const sending = mailer.send(message, { signal: abort.signal });
      setImmediate(() => abort.abort());
      return sending;
    },
  },
  {
    name: "the send is aborted while the stream is read",
    send: (message) => {
      const abort = new AbortController();
      return mailerTo().send(message, { signal: abort.signal, progress: () => abort.abort() });
    },
  },
  {
    name: "the progress function throws",
    send: (message) => mailerTo().send(message, { progress: () => assert.fail("no") }),
  },
  {
    name: "the queue is cleared",
    send: async (message) => {
      const mailer = mailerTo({ url: unreachable });
      const first = Promise.allSettled([
        mailer.send({ ...envelope, text: "x" }),
        mailer.send({ ...envelope, text: "y" }),
      ]);
      const sending = mailer.send(message);
      await first;
      return sending;
    },
  },
  {
    name: "a session sends it, and the recipient is refused",
    failure: { at: "recipient", reply: "550 5.1.1 Nobody" },
    send: async (message) => {
      await using session = await connectSealed(server.url, { tls: server.tls });
      await session.authenticate({ username: server.username, password: server.password });
      return await session.send(message);
    },
  },
  {
    name: "a session sends it, and an address is bad",
    code: "MAIL_INPUT_ADDRESS",
    send: async (message) => {
      await using session = await connectSealed(server.url, { tls: server.tls });
      return await session.send(misaddressed(message));
    },
  },
];

function misaddressed(message: Message): Message {
  return "envelope" in message
    ? Object.assign(message, { envelope: { from: "x", to: "y" } })
    : { ...envelope, ...message, to: "bad" };
}

for (const [form, make] of forms) {
  for (const one of paths) {
    const { name, failure } = one;
    test(`the file of ${form} is closed if ${name}`, async () => {
      server.reset();
      if (failure !== undefined) server.failNext(failure);
      const stream = createReadStream(file);
      const outcome: unknown = await one.send(make(stream)).then(
        () => "sent",
        (error: unknown) => error,
      );
      if (name === "the message is sent") assert.equal(outcome, "sent");
      else assert.ok(outcome instanceof Error);
      if (one.code !== undefined) assert.equal(Reflect.get(Object(outcome), "code"), one.code);
      assert.equal(stream.destroyed, true);
      await closed(stream);
      assert.equal(descriptors(), 0);
    });
  }
}

test("a thousand refused messages leave no file open", async () => {
  const mailer = mailerTo();
  const streams: ReadStream[] = [];
  for (let count = 0; count < 1_000; count += 1) {
    const stream = createReadStream(file);
    streams.push(stream);
    await assert.rejects(mailer.send({ envelope: { from: "bad", to: "c@d.example" }, message: stream }));
  }
  await Promise.all(streams.map(closed));
  assert.equal(descriptors(), 0);
});

test("a function that opens a stream is not called for a message that is refused before", async () => {
  let opened = 0;
  const message = (): AsyncIterable<Uint8Array> => {
    opened += 1;
    return createReadStream(file);
  };
  await assert.rejects(mailerTo().send({ envelope: { from: "bad", to: "c@d.example" }, message }));
  assert.equal(opened, 0);
});

test("an abort cancels a stream that a function opened and that never gives anything", async () => {
  const abort = new AbortController();
  let closedAs = "";
  const message = (): ReadableStream<Uint8Array> =>
    new ReadableStream({
      start: () => void setImmediate(() => abort.abort()),
      pull: () => new Promise(() => {}),
      cancel: () => void (closedAs = "cancelled"),
    });
  await assert.rejects(mailerTo().send({ envelope, message }, { signal: abort.signal }), {
    code: "MAIL_ABORTED",
  });
  assert.equal(closedAs, "cancelled");
});

test("an unread web stream is cancelled, and an unread generator is ended", async () => {
  const ended: string[] = [];
  const web = new ReadableStream<Uint8Array>({ cancel: () => void ended.push("web") });
  const iterator = {
    [Symbol.asyncIterator]: () => iterator,
    next: async (): Promise<IteratorResult<Uint8Array>> => ({ done: true, value: undefined }),
    return: async (): Promise<IteratorResult<Uint8Array>> => {
      ended.push("iterator");
      return { done: true, value: undefined };
    },
  };
  for (const message of [web, iterator])
    await assert.rejects(mailerTo().send({ envelope: { from: "bad", to: "c@d.example" }, message }));
  assert.deepEqual(ended, ["web", "iterator"]);
});

test("a stream that fails while it is destroyed does not end the process", async () => {
  const stream = createReadStream(path.join(folder, "no such file"));
  await assert.rejects(mailerTo().send({ envelope: { from: "bad", to: "c@d.example" }, message: stream }), {
    code: "MAIL_INPUT_ADDRESS",
  });
  await closed(stream);
  stream.destroy(new Error("once more"));
  assert.equal(stream.destroyed, true);
});
