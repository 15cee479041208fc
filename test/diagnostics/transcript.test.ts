/** From a message to its connections and back: each command and reply says which message it belongs to, with several in flight. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectSealed, observe } from "@postseal/mailer";
import { burst, byBdat, byData, letter, rigWith, sessionTo, wordOf } from "../engine/client.ts";

/** All that was said for each message, and what for none. */
class Transcript implements Disposable {
  readonly #said = new Map<number | undefined, string[]>();
  /** The connections of each message. */
  readonly connections = new Map<number, readonly number[]>();
  readonly order: number[] = [];
  readonly opened: number[] = [];
  readonly #stop: Disposable;

  constructor() {
    this.#stop = observe({
      "conversation.command": ({ message, text }) => this.#note(message, `> ${text}`),
      "conversation.body": ({ message, octets }) => this.#note(message, `> ${octets} octets`),
      "conversation.reply": ({ message, code }) => this.#note(message, `< ${code}`),
      "message.begun": ({ message }) => this.order.push(message),
      "message.concluded": ({ message, connections }) => this.connections.set(message, connections),
      "connection.opened": ({ connection }) => this.opened.push(connection),
    });
  }

  of(message: number | undefined): readonly string[] {
    return this.#said.get(message) ?? [];
  }

  [Symbol.dispose](): void {
    this.#stop[Symbol.dispose]();
  }

  #note(message: number | undefined, line: string): void {
    this.#said.set(message, [...this.of(message), line]);
  }
}

for (const capabilities of [byBdat, byData]) {
  test(`with several in flight, the part of each can be cut out (${capabilities.join(", ")})`, async () => {
    const { mailer } = await rigWith(
      {
        capabilities: [...capabilities, "AUTH PLAIN"],
        fault: (moment, _count, argument) => (moment === "RCPT" && argument.includes("m5") ? "550" : undefined),
      },
      { pool: { connections: 1 }, credentials: { username: "alice", password: "open sesame" } },
    );
    await burst(mailer, "w", 8);
    using transcript = new Transcript();
    await burst(mailer, "m", 8);
    await mailer.close();
    assert.equal(transcript.order.length, 8);
    for (const [index, message] of transcript.order.entries()) {
      const said = transcript.of(message);
      assert.deepEqual(
        said.filter((line) => /MAIL|RCPT/.test(line)).map((line) => line.replace(/>.*<(.*)>.*/, "$1")),
        [`m${index}@x.example`, `to-m${index}@x.example`],
      );
      const [asked, answered] = [
        said.filter((line) => line.startsWith(">")),
        said.filter((line) => line.startsWith("<")),
      ];
      assert.equal(asked.length, answered.length, said.join("\n"));
      assert.equal(said.includes("< 550"), index === 5);
      assert.equal(transcript.connections.get(message)?.length, 1);
    }
    assert.deepEqual(transcript.of(undefined), ["> QUIT", "< 221"]);
  });
}

test("what belongs to no message says so: greeting, EHLO, login", async () => {
  using transcript = new Transcript();
  const { mailer } = await rigWith(
    { capabilities: [...byBdat, "AUTH PLAIN"] },
    { credentials: { username: "alice", password: "open sesame" } },
  );
  await mailer.send(letter("a"));
  await mailer.close();
  const said = ["< 220", "> EHLO [127.0.0.1]", "< 250", "> AUTH PLAIN [secret]", "< 235", "> QUIT", "< 221"];
  assert.deepEqual(transcript.of(undefined), said);
});

test("a second attempt, parts and a message that never went name their connections", async () => {
  using transcript = new Transcript();
  const { mailer } = await rigWith(
    (connection) => ({
      capabilities: connection === 0 ? byData : [...byBdat, "LIMITS RCPTMAX=1 MAILMAX=2"],
      fault: (moment, count) => (connection === 0 && moment === "MAIL" && count === 2 ? "close" : undefined),
    }),
    { pool: { connections: 1 } },
  );
  await mailer.send(letter("a"));
  await mailer.send(letter("again"));
  await mailer.send(letter("parts", ["1-parts@x.example", "2-parts@x.example"]));
  await wordOf(mailer.send(letter("aborted"), { signal: AbortSignal.abort() }));
  await mailer.close();
  const [first, second, third] = transcript.opened;
  assert.deepEqual(
    transcript.order.map((message) => transcript.connections.get(message)),
    [[first], [first, second], [second, third], []],
  );
});

test("the numbers are there if only the conversation is observed, and in a session of the caller's own", async () => {
  const { server } = await rigWith({ capabilities: byBdat });
  const { url, options } = await sessionTo(server, "implicit");
  const seen: (number | undefined)[] = [];
  using _ = observe({ "conversation.command": ({ message }) => seen.push(message) });
  const session = await connectSealed(url, options);
  await session.send(letter("a"));
  await session.command("NOOP");
  await session.send(letter("b"));
  await session.close();
  const [hello, first, , noop, second] = seen;
  assert.ok(first !== undefined && second !== undefined && first !== second);
  assert.deepEqual(seen, [undefined, first, first, undefined, second, second, undefined]);
  assert.deepEqual([hello, noop], [undefined, undefined]);
});
