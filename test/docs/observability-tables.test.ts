/** What docs/guide/observability.md says of spans and metrics is what an SDK exports. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { type Attributes, metrics, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { DataPointType, type MetricData, MeterProvider } from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { createMailer, mailErrorCodes } from "@postseal/mailer";
import { instrument } from "@postseal/mailer/opentelemetry";
import { startTestServer } from "@postseal/testing";
import { Reader } from "../diagnostics/telemetry.ts";

const section = readFileSync("docs/guide/observability.md", "utf8").split("## OpenTelemetry")[1] ?? "";
const [exporter, reader] = [new InMemorySpanExporter(), new Reader()];
let spans: readonly ReadableSpan[] = [];
let measured: readonly MetricData[] = [];

/** What NodeSDK's start() does, then `instrument()`; one message that is taken, one that is refused, and a server that is not trusted. */
before(async () => {
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  using _ = instrument();
  await using server = await startTestServer();
  await using mailer = createMailer(server.url, { tls: server.tls });
  const message = { from: "alice@example.com", to: "bob@example.org", subject: "Hello", text: "Hi Bob" };
  await mailer.send(message);
  server.failNext("552");
  await assert.rejects(mailer.send(message), { code: "MAIL_REFUSED" });
  await using stranger = createMailer(server.url);
  await assert.rejects(stranger.verify(), { code: "MAIL_TLS_UNVERIFIED" });
  await mailer.close();
  await tracerProvider.forceFlush();
  spans = exporter.getFinishedSpans();
  measured = (await reader.collect()).resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
});
after(() => {
  trace.disable();
  metrics.disable();
});

test("the first table has every span", () => {
  const names = rows("span").map(([name = ""]) => wordIn(name));
  assert.deepEqual(names.toSorted(), [...new Set(spans.map(({ name }) => name))].toSorted());
});

test("every span is of the kind, and has the attributes, that the guide names for all", () => {
  const [, kind, ...told] = sentence("All are of kind").match(/(?<=`)[\w.]+(?=`)/g) ?? [];
  assert.deepEqual([kind, told.length > 4], ["server.address", true]);
  for (const { kind: is, attributes } of spans) {
    assert.equal(is, SpanKind.CLIENT);
    for (const name of common()) assert.ok(name in attributes, name);
    assert.equal(attributes["network.protocol.name"], "smtp");
  }
});

for (const name of ["send", "connect", "authenticate"])
  test(`${name} has the attributes of its row, and no other`, () => {
    const [, , text = ""] = rows("span").find(([first = ""]) => wordIn(first) === name) ?? [];
    const own = keysOf(spans.filter((span) => span.name === name).map(({ attributes }) => attributes)).filter(
      (key) => !common().includes(key) && key !== "error.type",
    );
    const told = wordsIn(text);
    const covers = (word: string, key: string): boolean =>
      word.endsWith(".*") ? key.startsWith(word.slice(0, -1)) : word === key;
    const outcome = /^postseal\.recipients\./;
    assert.ok(own.length > 0);
    for (const key of own)
      assert.ok(
        told.some((word) => covers(word, key) || (outcome.test(word) && outcome.test(key))),
        key,
      );
    for (const word of told)
      assert.ok(
        own.some((key) => covers(word, key)),
        word,
      );
  });

test("a failure sets the status and the error's code", () => {
  const failed = spans.filter(({ status }) => status.code === SpanStatusCode.ERROR);
  assert.deepEqual(
    failed.map(({ name, attributes, status }) => [name, attributes["error.type"], status.message]),
    [
      ["send", "MAIL_REFUSED", "MAIL_REFUSED"],
      ["connect", "MAIL_TLS_UNVERIFIED", "MAIL_TLS_UNVERIFIED"],
    ],
  );
  for (const span of spans) assert.equal("error.type" in span.attributes, failed.includes(span));
});

test("connect alone has an event, opened", () => {
  for (const { name, events } of spans)
    assert.deepEqual(
      events.map((event) => event.name),
      name === "connect" ? ["opened"] : [],
    );
});

test("the second table has every metric with its kind, unit and attributes", () => {
  const told = rows("metric").map(([name = "", kind, unit = "", attributes = ""]) => [
    wordIn(name),
    kind,
    wordIn(unit),
    wordsIn(attributes).filter((word) => word.includes(".")),
  ]);
  const found = measured.map((metric) => [
    metric.descriptor.name,
    kindOf(metric),
    metric.descriptor.unit,
    keysOf(attributesOf(metric)).filter((key) => !key.startsWith("server.")),
  ]);
  assert.deepEqual(told, found);
});

test("every metric has the server, and no attribute has an address, the subject or what the server said", () => {
  const attributes = [...spans.map((span) => span.attributes), ...measured.flatMap(attributesOf)];
  assert.ok(attributes.length > 8);
  for (const one of attributes) assert.ok("server.address" in one && "server.port" in one);
  assert.doesNotMatch(JSON.stringify(attributes), /alice|bob|@|Hello|2\.\d\.\d|5\.\d\.\d /);
});

test("the outcomes of the second table are all that there are, and the prefix of the alert is that of errors about TLS", () => {
  const [, , , text = ""] = rows("metric").find(([name = ""]) => wordIn(name) === "postseal.recipients") ?? [];
  const [, ...outcomes] = wordsIn(text);
  const type = /export type Outcome = (.*);/.exec(readFileSync("packages/mailer/src/outcome/receipt.ts", "utf8"))?.[1];
  assert.equal(outcomes.map((outcome) => `"${outcome}"`).join(" | "), type);
  const prefix = /begins with `(\w+)`/.exec(section)?.[1] ?? "-";
  assert.ok(mailErrorCodes.filter((code) => code.startsWith(prefix)).length > 5);
});

test("it imports no package but OpenTelemetry's API", () => {
  for (const file of ["attributes", "instrument", "metrics", "spans"]) {
    const source = readFileSync(`packages/mailer/src/opentelemetry/${file}.ts`, "utf8");
    const packages = [...source.matchAll(/ from "([^."][^"]*)"/g)].map(([, name]) => name);
    assert.deepEqual(packages, ["@opentelemetry/api"]);
  }
});

/** The attributes that every span has. */
function common(): readonly string[] {
  return wordsIn(sentence("All are of kind")).filter((word) => word.includes("."));
}

function sentence(beginning: string): string {
  return section.slice(section.indexOf(beginning)).split(/\.\s/)[0] ?? "";
}

/** The cells of the table whose first column has this head. */
function rows(head: string): readonly (readonly string[])[] {
  const lines = section.slice(section.search(new RegExp(`^\\| ${head} +\\|`, "m"))).split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(2, end).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

function wordsIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);
}

function wordIn(cell: string): string {
  return wordsIn(cell)[0] ?? "";
}

function kindOf(metric: MetricData): string {
  if (metric.dataPointType !== DataPointType.SUM)
    return metric.dataPointType === DataPointType.HISTOGRAM ? "histogram" : "";
  return metric.isMonotonic ? "counter" : "up-down counter";
}

function attributesOf({ dataPoints }: MetricData): readonly Attributes[] {
  return dataPoints.map(({ attributes }) => attributes);
}

function keysOf(attributes: readonly Attributes[]): readonly string[] {
  return [...new Set(attributes.flatMap((one) => Object.keys(one)))];
}
