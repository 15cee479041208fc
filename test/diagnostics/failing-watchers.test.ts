/** Whatever fails in a subscriber, a tracer or a meter: the mail goes, the process goes on, and there is one warning. */
import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { afterEach, beforeEach, test } from "node:test";
import { types } from "node:util";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { type DiagnosticsName, type Mailer, observe } from "@postseal/mailer";
import { instrument, type InstrumentOptions } from "@postseal/mailer/opentelemetry";
import { byBdat, letter, rigWith } from "../engine/client.ts";
import { Reader } from "./telemetry.ts";

/** Every event of a message without a login. */
const events: readonly DiagnosticsName[] = [
  "connection.opening",
  "connection.opened",
  "connection.sealed",
  "connection.closed",
  "conversation.command",
  "conversation.body",
  "conversation.reply",
  "message.begun",
  "message.concluded",
];
const ofTracers = ["getTracer", "startSpan", "addEvent", "setAttributes", "setStatus", "end"];
const ofMeters = ["getMeter", "createHistogram", "createCounter", "createUpDownCounter", "record", "add"];

let warnings: string[] = [];
const note = ({ name, message }: Error): void => {
  if (name === "PostsealWarning") warnings.push(message);
};
beforeEach(() => {
  warnings = [];
  process.on("warning", note);
});
afterEach(() => process.off("warning", note));

for (const name of events)
  for (const [how, watcher] of [
    ["throws", () => fail()],
    ["rejects", async () => fail()],
  ] as const)
    test(`an observer of ${name} that ${how} changes nothing`, async () => {
      const { mailer } = await rigWith(refusingTheSecond());
      using _ = observe({ [name]: watcher });
      await sendTwo(mailer);
      assert.deepEqual(await told(), [`The observer of ${name} failed`]);
    });

for (const at of ofTracers)
  test(`a tracer that fails at ${at} changes nothing, and no metric is lost`, async () => {
    const [exporter, reader] = [new InMemorySpanExporter(), new Reader()];
    const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    const { mailer } = await rigWith(refusingTheSecond());
    using _ = instrument({
      tracerProvider: failing(tracerProvider, at),
      meterProvider: new MeterProvider({ readers: [reader] }),
    });
    await sendTwo(mailer);
    await tracerProvider.forceFlush();
    const spans = exporter.getFinishedSpans().map(({ name }) => name);
    assert.deepEqual(spans, ["getTracer", "startSpan", "end"].includes(at) ? [] : ["connect", "send", "send"]);
    assert.deepEqual([...(await reader.metrics()).keys()].toSorted(), [
      "postseal.connect.duration",
      "postseal.open_connections",
      "postseal.recipients",
      "postseal.send.duration",
    ]);
    assert.deepEqual(await told(), [`The ${at === "getTracer" ? "tracerProvider" : "OpenTelemetry tracer"} failed`]);
  });

for (const at of ofMeters)
  test(`a meter that fails at ${at} changes nothing, and neither a span nor another metric is lost`, async () => {
    const [exporter, reader] = [new InMemorySpanExporter(), new Reader()];
    const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    const { mailer } = await rigWith(refusingTheSecond());
    using _ = instrument({ tracerProvider, meterProvider: failing(new MeterProvider({ readers: [reader] }), at) });
    await sendTwo(mailer);
    await tracerProvider.forceFlush();
    assert.equal(exporter.getFinishedSpans().length, 3);
    const lost = LOST[at] ?? [];
    assert.deepEqual(
      [...(await reader.metrics()).keys()].toSorted(),
      [
        "postseal.connect.duration",
        "postseal.open_connections",
        "postseal.recipients",
        "postseal.send.duration",
      ].filter((name) => !lost.includes(name.split(".")[1] ?? "")),
    );
    assert.deepEqual(await told(), [`The ${at === "getMeter" ? "meterProvider" : "OpenTelemetry meter"} failed`]);
  });

test("a progress function that rejects changes nothing", async () => {
  const { mailer } = await rigWith(refusingTheSecond());
  const progress: () => unknown = async () => fail();
  const { recipients } = await mailer.send(letter("a"), { progress });
  assert.equal(recipients[0]?.outcome, "accepted");
  await mailer.close();
  assert.deepEqual(await told(), ["The function progress failed"]);
});

test("what is no provider is refused", () => {
  for (const text of ['{"tracerProvider":{}}', '{"tracerProvider":7}', '{"meterProvider":{"getTracer":1}}']) {
    const options: InstrumentOptions = JSON.parse(text);
    assert.throws(() => instrument(options), { code: "MAIL_INPUT_OPTION", message: /is no provider: it has no get/ });
  }
});

test("Node reports a function that throws on its own channel, and the mail goes nevertheless", async () => {
  const { mailer } = await rigWith(refusingTheSecond());
  const reports: unknown[] = [];
  process.setUncaughtExceptionCaptureCallback((error) => reports.push(error));
  subscribe("postseal.v1.message.concluded", fail);
  try {
    await sendTwo(mailer);
  } finally {
    unsubscribe("postseal.v1.message.concluded", fail);
    process.setUncaughtExceptionCaptureCallback(null);
  }
  assert.deepEqual(reports.map(String), ["Error: the watcher failed", "Error: the watcher failed"]);
});

/** Which metrics cannot be there. */
const LOST: Readonly<Record<string, readonly string[]>> = {
  getMeter: ["send", "connect", "recipients", "open_connections"],
  createHistogram: ["send", "connect"],
  record: ["send", "connect"],
  createCounter: ["recipients"],
  createUpDownCounter: ["open_connections"],
  add: ["recipients", "open_connections"],
};

function refusingTheSecond(): Parameters<typeof rigWith>[0] {
  return {
    capabilities: byBdat,
    fault: (moment, count) => (moment === "BDAT" && count === 2 ? "550" : undefined),
  };
}

async function sendTwo(mailer: Mailer): Promise<void> {
  const { recipients } = await mailer.send(letter("a"));
  assert.equal(recipients[0]?.outcome, "accepted");
  await assert.rejects(mailer.send(letter("b")), { code: "MAIL_REFUSED" });
  await mailer.close();
}

function fail(): never {
  throw new Error("the watcher failed");
}

/** The warnings so far, up to their commas. After a later warning, all earlier ones are there. */
async function told(): Promise<readonly string[]> {
  const last = once(process, "warning");
  process.emitWarning("the last one", "TestWarning");
  await last;
  return warnings.map((text) => text.split(",")[0] ?? "");
}

/** The same object, and all that its methods return, but that the method of this name throws. */
function failing<T extends object>(object: T, at: string): T {
  return new Proxy(object, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return name === at ? fail : (...words: unknown[]) => wrapped(Reflect.apply(value, target, words), at);
    },
  });
}

function wrapped(value: unknown, at: string): unknown {
  return typeof value === "object" && value !== null && !types.isPromise(value) ? failing(value, at) : value;
}
