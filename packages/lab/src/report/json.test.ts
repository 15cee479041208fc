import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { formatJson } from "./json.ts";
import { outcomes } from "./report.ts";
import { hostileText, largeSample, sampleReport } from "./sample.ts";
import { verdicts } from "../verdict/verdict.ts";

const root = new URL("../../../../", import.meta.url);
const schema: unknown = JSON.parse(readFileSync(new URL("packages/lab/report.schema.json", root), "utf8"));

/** The same schema, refusing properties that it does not name: we would have forgotten to document them. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([name, item]): [string, unknown] => [name, closed(item)]);
  return { ...Object.fromEntries(entries), ...(value["type"] === "object" ? { additionalProperties: false } : {}) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every name under `properties`, at any depth. */
function propertiesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(propertiesOf);
  if (!isRecord(value)) return [];
  const named = isRecord(value["properties"]) ? Object.keys(value["properties"]) : [];
  return [...named, ...Object.values(value).flatMap(propertiesOf)];
}

const validate = new Ajv2020({ strict: true, allowUnionTypes: true, formats: { "date-time": true } }).compile(
  Object(closed(schema)),
);

const cut = {
  ...sampleReport,
  unfinished: [{ client: "heron", configuration: "", vector: "A2-220go", reason: "interrupted by SIGINT" }],
};

test("a report fits the schema, and has no field that the schema does not name", () => {
  for (const report of [sampleReport, largeSample(2), { ...sampleReport, clients: [], absent: [] }, cut]) {
    assert.ok(validate(JSON.parse(formatJson(report))), JSON.stringify(validate.errors));
  }
});

test("the schema refuses anything but a report", () => {
  const { isolation: _, ...rest } = sampleReport;
  assert.ok(!validate(JSON.parse(JSON.stringify(rest))));
  assert.ok(!validate({ ...JSON.parse(formatJson(sampleReport)), version: 2 }));
});

test("the schema knows the same outcomes and verdicts as the code", () => {
  const text = JSON.stringify(schema);
  assert.ok(text.includes(JSON.stringify(outcomes)));
  assert.ok(text.includes(JSON.stringify(verdicts)));
});

test("the page that documents a report names every property of the schema, and every outcome", () => {
  const page = readFileSync(new URL("docs/reference/lab-report.md", root), "utf8");
  const names = new Set([...propertiesOf(schema), ...outcomes]);
  assert.ok(names.size > 40);
  assert.deepEqual(
    [...names].filter((name) => !page.includes(`| \`${name}\``)),
    [],
  );
});

test("the JSON is one line of ASCII, and parses to the same report", () => {
  const text = formatJson(sampleReport);
  assert.match(text, /^[\u0020-\u007e]*\n$/);
  assert.deepEqual(JSON.parse(text), sampleReport);
  assert.ok(JSON.stringify(JSON.parse(text)).includes(JSON.stringify(hostileText).slice(1, -1)));
});
