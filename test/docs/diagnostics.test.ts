/** docs/reference/diagnostics.md has every event with every field, in the order of the types. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = readFileSync("packages/mailer/src/diagnostics/events.ts", "utf8");
const page = readFileSync("docs/reference/diagnostics.md", "utf8");

/** The name of each event, and the name of its interface. */
const events = [...bodyOf("DiagnosticsEvents").matchAll(/readonly "([\w.]+)": (\w+);/g)].map(
  ([, name = "", type = ""]) => [name, type] as const,
);
/** The fields that the page describes once for all connections, and once for all that is said on them. */
const shared = fieldsOf("ConnectionEvent");
const said = fieldsOf("ConversationEvent");

test("the page has the channels in the order of the types, and no other", () => {
  const headings = [...page.matchAll(/^### `postseal\.v1\.([\w.]+)`$/gm)].map(([, name]) => name);
  assert.ok(events.length > 10);
  assert.deepEqual(
    headings,
    events.map(([name]) => name),
  );
});

for (const [name, type] of events) {
  test(`the page has each field of ${name}, and no other`, () => {
    const section = page.split(`### \`postseal.v1.${name}\`\n`)[1]?.split(/^##/m)[0] ?? "";
    const told = [...section.matchAll(/^- `(\w+)`/gm)].map(([, field]) => field);
    const fields = fieldsOf(type);
    const own = name.startsWith("message.") ? fields : fields.filter((field) => !said.includes(field));
    assert.deepEqual(told, own);
  });
}

test("the page has the fields of every connection", () => {
  const section = page.split("## Connections\n")[1]?.split(/^###/m)[0] ?? "";
  for (const field of [...shared, ...fieldsOf("ServerFacts")]) assert.ok(section.includes(`\`${field}\``), field);
});

test("the page has the fields of all that is said on a connection", () => {
  const section = page.split("## The conversation\n")[1]?.split(/^###/m)[0] ?? "";
  for (const field of said.filter((one) => !shared.includes(one))) assert.ok(section.includes(`\`${field}\``), field);
});

/** The inherited fields come first. */
function fieldsOf(type: string): readonly string[] {
  const parent = new RegExp(`interface ${type} extends (\\w+)`).exec(source)?.[1];
  const own = [...bodyOf(type).matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, field = ""]) => field);
  return [...(parent === undefined ? [] : fieldsOf(parent)), ...own];
}

function bodyOf(type: string): string {
  const body = new RegExp(`^export interface ${type}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, "m").exec(source)?.[1];
  assert.ok(body !== undefined, type);
  return body;
}
