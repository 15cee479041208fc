/** No span and no metric has a mail address, whatever event has one and whatever is thrown. */
import assert from "node:assert/strict";
import { channel } from "node:diagnostics_channel";
import { test } from "node:test";
import fc from "fast-check";
import { type DiagnosticsName, mailErrorCodes, type MailerOptions } from "@postseal/mailer";
import { byBdat, letter, rigWith } from "../engine/client.ts";
import { address, events, named, thrown } from "./canary-events.ts";
import { mailerFor, serve } from "./stage.ts";
import { Telemetry } from "./telemetry.ts";

/** Functions of a caller that throw an error with the address as its name. */
const callersFunctions: readonly (readonly [string, (mailbox: string) => MailerOptions])[] = [
  ["connect", (mailbox) => ({ connect: async () => raise(mailbox) })],
  ["credentials", (mailbox) => ({ credentials: async () => raise(mailbox) })],
];

test("no span and no metric has an address that is in any event or error", async () => {
  await fc.assert(
    fc.asyncProperty(address, thrown, async (mailbox, throwing) => {
      using telemetry = new Telemetry();
      const error = throwing(mailbox);
      play(1, mailbox, error, ["connection.opening", "connection.opened", "connection.closed"]);
      play(2, mailbox, error, ["connection.opening", "connection.opened", "connection.sealed"]);
      play(2, mailbox, error, ["connection.authenticating", "conversation.reply", "connection.closed"]);
      play(3, mailbox, error, ["connection.opening", "connection.opened", "connection.sealed"]);
      play(3, mailbox, error, ["connection.authenticating", "connection.authenticated", "message.begun"]);
      play(3, mailbox, error, ["conversation.command", "conversation.body", "conversation.reply"]);
      play(3, mailbox, error, ["message.concluded", "connection.closed"]);
      assert.deepEqual(await withoutAddress(telemetry, mailbox), [
        "connect",
        "connect",
        "authenticate",
        "connect",
        "authenticate",
        "send",
      ]);
    }),
    { examples: [["canarycanary@example.com", (mailbox) => named(new Error(mailbox), mailbox)]] },
  );
});

test("every event is played", () => {
  const played = new Set<string>();
  const listener = (_: unknown, name: string | symbol): unknown => played.add(String(name));
  const names = Object.keys(events).map((name) => `postseal.v1.${name}`);
  for (const name of names) channel(name).subscribe(listener);
  play(9, "a@x.example", new Error("x"), keysOf(events));
  for (const name of names) channel(name).unsubscribe(listener);
  assert.deepEqual([...played], names);
});

for (const [what, options] of callersFunctions)
  test(`what ${what} throws is in no span and no metric`, async () => {
    using telemetry = new Telemetry();
    await using impostor = await serve();
    const mailbox = "canarycanary@example.com";
    await using mailer = mailerFor(impostor, options(mailbox));
    await assert.rejects(mailer.send({ from: "a@x.example", to: mailbox, text: "x" }));
    const spans = await withoutAddress(telemetry, mailbox);
    assert.ok(spans.includes("send") && spans.includes("connect"));
  });

test("what a list of recipients throws is in no span and no metric", async () => {
  using telemetry = new Telemetry();
  const mailbox = "canarycanary@example.com";
  const { mailer } = await rigWith({ capabilities: byBdat });
  await mailer.send(letter("a"));
  const to = Object.defineProperty([""], 0, { get: () => raise(mailbox) });
  await assert.rejects(mailer.send({ from: mailbox, to, text: "x" }), { name: mailbox });
  await mailer.close();
  assert.deepEqual(await withoutAddress(telemetry, mailbox), ["connect", "send", "send"]);
});

test("the reason of an abort, and an error of a source, are in no span and no metric", async () => {
  using telemetry = new Telemetry();
  const mailbox = "canarycanary@example.com";
  const { mailer } = await rigWith({ capabilities: byBdat });
  const signal = AbortSignal.abort(named(new Error(mailbox), mailbox));
  await assert.rejects(mailer.send(letter("a", [mailbox]), { signal }));
  const source = (async function* octets(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`To: ${mailbox}\r\n`);
    throw named(new Error(mailbox), mailbox);
  })();
  await assert.rejects(mailer.send({ envelope: { from: mailbox, to: mailbox }, message: source }));
  await mailer.close();
  const spans = await withoutAddress(telemetry, mailbox);
  assert.deepEqual(
    spans.filter((name) => name === "send"),
    ["send", "send"],
  );
});

/** The names of the spans, once nothing of the address is found in them or in a metric. */
async function withoutAddress(telemetry: Telemetry, mailbox: string): Promise<readonly string[]> {
  const spans = await telemetry.spans();
  const metrics = [...(await telemetry.metrics())];
  const exported = JSON.stringify([
    spans.map(({ name, kind, attributes, events: marks, links, status }) => [
      name,
      kind,
      attributes,
      marks,
      links,
      status,
    ]),
    metrics.map(([name, points]) => [name, points.map(({ attributes }) => attributes)]),
  ]);
  const canary = /canary[a-z]+/i.exec(mailbox)?.[0] ?? assert.fail(mailbox);
  assert.ok(!exported.toLowerCase().includes(canary.toLowerCase()), exported);
  assert.ok(!exported.includes("@example"), exported);
  assert.equal(metrics.length > 2, true);
  const types = [...spans, ...metrics.flatMap(([, points]) => points)].flatMap(
    ({ attributes }) => attributes["error.type"] ?? [],
  );
  assert.ok(types.length > 0);
  const known: readonly unknown[] = [...mailErrorCodes, "_OTHER"];
  for (const type of types) assert.ok(known.includes(type), JSON.stringify(type));
  return spans.map(({ name }) => name);
}

function play(id: number, mailbox: string, error: unknown, names: readonly DiagnosticsName[]): void {
  for (const name of names) channel(`postseal.v1.${name}`).publish(events[name](id, mailbox, error));
}

function keysOf<Key extends string>(table: Readonly<Record<Key, unknown>>): readonly Key[] {
  const keys: Key[] = [];
  for (const key in table) keys.push(key);
  return keys;
}

function raise(mailbox: string): never {
  throw named(new Error(mailbox), mailbox);
}
