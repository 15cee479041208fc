/** Spans and metrics, as the SDK would export them. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { context, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { mailerFor, message, serve } from "./stage.ts";
import { Telemetry } from "./telemetry.ts";

before(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
});

test("a message is a span, and so are the seal and the login that it had to wait for", async () => {
  using telemetry = new Telemetry();
  await using impostor = await serve();
  await using mailer = mailerFor(impostor);
  const tracer = telemetry.tracerProvider.getTracer("application");
  await tracer.startActiveSpan("request", async (request) => {
    await mailer.send(message);
    request.end();
  });
  const spans = await telemetry.spans();
  assert.deepEqual(
    spans.map(({ name }) => name),
    ["connect", "authenticate", "send", "request"],
  );
  const request = named(spans, "request").spanContext();
  const server = {
    "server.address": "127.0.0.1",
    "server.port": impostor.port,
    "network.protocol.name": "smtp",
    "network.transport": "tcp",
    "postseal.transport": "starttls",
  };
  for (const name of ["connect", "authenticate", "send"]) {
    const span = named(spans, name);
    assert.equal(span.parentSpanContext?.spanId, request.spanId, name);
    assert.equal(span.kind, SpanKind.CLIENT);
    assert.equal(span.status.code, SpanStatusCode.UNSET);
    for (const [key, value] of Object.entries(server)) assert.equal(span.attributes[key], value, key);
  }
  assert.equal(named(spans, "authenticate").attributes["postseal.auth.mechanism"], "SCRAM-SHA-256-PLUS");
  for (const name of ["connect", "send"]) {
    const { attributes } = named(spans, name);
    assert.equal(attributes["tls.protocol.version"], "1.3");
    assert.equal(attributes["tls.curve"], "X25519MLKEM768");
    assert.match(String(attributes["tls.server.hash.sha256"]), /^[0-9A-F]{64}$/);
  }
  assert.equal(named(spans, "send").attributes["postseal.recipients.accepted"], 1);
});

test("a refusal is the error of its message, without the words of the server or an address", async () => {
  using telemetry = new Telemetry();
  await using impostor = await serve({ tls: { on: { RCPT: [{ do: "say", text: "550 5.1.1 Nobody here\r\n" }] } } });
  await using mailer = mailerFor(impostor);
  await assert.rejects(mailer.send(message));
  const send = named(await telemetry.spans(), "send");
  assert.deepEqual(send.status, { code: SpanStatusCode.ERROR, message: "MAIL_REFUSED" });
  assert.equal(send.attributes["error.type"], "MAIL_REFUSED");
  assert.equal(send.attributes["postseal.reply.code"], 550);
  assert.equal(send.attributes["postseal.recipients.refused"], 1);
  assert.doesNotMatch(JSON.stringify([send.attributes, send.events, send.status]), /Nobody|@/);
});

test("the reason why a connection was not sealed or not logged in is the error of that span", async () => {
  using telemetry = new Telemetry();
  await using stripped = await serve({ clear: { capabilities: [] } });
  await using refusing = await serve({ tls: { on: { AUTH: [{ do: "say", text: "535 5.7.8 No\r\n" }] } } });
  await assert.rejects(mailerFor(stripped).verify());
  await assert.rejects(mailerFor(refusing).verify());
  const errors = (await telemetry.spans()).map(({ name, attributes }) => [name, attributes["error.type"]]);
  assert.deepEqual(errors, [
    ["connect", "MAIL_TLS_NOT_OFFERED"],
    ["connect", undefined],
    ["authenticate", "MAIL_AUTH_REFUSED"],
  ]);
});

test("metrics count recipients by outcome, open connections, and how long sends and connections take", async () => {
  using telemetry = new Telemetry();
  await using impostor = await serve({ tls: { on: { RCPT: [{ do: "say", text: "450 4.2.0 Later\r\n" }] } } });
  await using honest = await serve();
  await using mailer = mailerFor(honest);
  await mailer.send(message);
  await mailer.send({ ...message, to: ["a@x.example", "b@x.example"] });
  const open = (await telemetry.metrics()).get("postseal.open_connections");
  assert.deepEqual(values(open), [1]);
  await mailer.close();
  await using other = mailerFor(impostor);
  await assert.rejects(other.send(message));
  await other.close();
  const metrics = await telemetry.metrics();
  assert.deepEqual(values(metrics.get("postseal.open_connections")), [0, 0]);
  const outcomes = metrics
    .get("postseal.recipients")
    ?.map(({ attributes, value }) => [attributes["postseal.outcome"], attributes["server.port"], value]);
  assert.deepEqual(outcomes, [
    ["accepted", honest.port, 3],
    ["deferred", impostor.port, 1],
  ]);
  const sends = metrics
    .get("postseal.send.duration")
    ?.map(({ attributes, value }) => [attributes["error.type"], countOf(value)]);
  assert.deepEqual(sends, [
    [undefined, 2],
    ["MAIL_DEFERRED", 1],
  ]);
  assert.deepEqual(
    metrics.get("postseal.connect.duration")?.map(({ value }) => countOf(value)),
    [1, 1],
  );
});

test("an instrumentation that was disposed of observes nothing more, and leaves no span open", async () => {
  const telemetry = new Telemetry();
  await using impostor = await serve();
  await using mailer = mailerFor(impostor);
  const sending = mailer.send(message);
  telemetry[Symbol.dispose]();
  await sending;
  const spans = await telemetry.spans();
  assert.deepEqual(
    spans.map(({ name, ended }) => [name, ended]),
    [
      ["send", true],
      ["connect", true],
    ],
  );
});

function named(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const span = spans.find((one) => one.name === name);
  assert.ok(span !== undefined, name);
  return span;
}

function values(points: readonly { readonly value: unknown }[] | undefined): readonly unknown[] {
  return (points ?? []).map(({ value }) => value);
}

function countOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "count" in value ? value.count : undefined;
}
