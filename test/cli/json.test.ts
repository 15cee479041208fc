/** `--json` is one documented object: what every subcommand prints fits result.schema.json, or the schema of the lab's report. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { canaries } from "@postseal/lab";
import { createOutbox } from "@postseal/outbox";
import { account, authority, Desk, message, postseal, serve, to } from "./command.ts";

const root = new URL("../../", import.meta.url);
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, root), "utf8"));
const schema = read("packages/cli/result.schema.json");

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

function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isRecord(value)) return [];
  const named = isRecord(value["properties"]) ? Object.keys(value["properties"]) : [];
  return [...named, ...Object.values(value).flatMap(namesIn)];
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, formats: { "date-time": true } });
const isResult = ajv.compile(Object(closed(schema)));
const isReport = ajv.compile(Object(read("packages/lab/report.schema.json")));

test("what every subcommand prints fits the schema, and has no field that the schema does not name", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  await using silent = await serve({ tls: { on: { final: [{ do: "close" }] } } });
  await using refusing = await serve({ tls: { on: { AUTH: [{ do: "say", text: "535 5.7.8 No\r\n" }] } } });
  await using stripped = await serve({ clear: { capabilities: ["AUTH PLAIN"] } });
  await using unproven = await serve({ certificate: "unknownAuthority" });
  const rc = desk.file("msmtprc", "account a\nhost mail.example.com\nfrom a@example.com\ntls_certcheck off\n");
  const oauth = '{ issuer = "google", client-id = "an-id" }';
  const signing = account("o", impostor, desk, `from = "o@example.test"\noauth = ${oauth}`);
  const environment = {
    ...desk.configuration(`default-account = "a"\n${account("a", impostor, desk)}${signing}`),
    HOME: desk.folder,
    XDG_STATE_HOME: desk.folder,
  };
  const outbox = await createOutbox(`sqlite:${path.join(desk.folder, "postseal/outbox.db")}`);
  const letter = { from: canaries.sender, to: canaries.recipient, text: canaries.body };
  const { id } = await outbox.enqueue(letter, { account: "a", tags: ["x"], key: "k" });
  const held = await outbox.enqueue(letter, { account: "a", floor: { server: "elsewhere.example" } });
  await outbox.close();
  const wrong = desk.file("wrong.toml", '[accounts.x]\nserver = "smtp://x"\nfoo = 1\n');
  const add = [
    "account",
    "add",
    "--address",
    "b@example.test",
    "--name",
    "b",
    "--ca",
    desk.file("c", authority.certificate),
  ];
  const login = ["--password-file", desk.file("secret", canaries.password)];
  const url = `submission://${canaries.username}@127.0.0.1:${impostor.port}`;
  const seen = new Set<string>();
  for (const [code, argv] of [
    [0, ["send", ...to(impostor, desk), ...message]],
    [0, ["send", "--account", "a", ...message]],
    [74, ["send", ...to(silent, desk), ...message]],
    [76, ["send", ...to(stripped, desk), ...message]],
    [76, ["verify", ...to(unproven, desk)]],
    [65, ["send", ...to(impostor, desk), ...message, "--to", "a b@example.test"]],
    [69, ["send", ...to(impostor, desk), ...message, "--requiretls"]],
    [64, ["send", "--nonsense"]],
    [0, ["verify", ...to(impostor, desk)]],
    [77, ["verify", ...to(refusing, desk)]],
    [75, ["verify", "--server", "submission://127.0.0.1:9"]],
    [0, ["sendmail", "-f", canaries.sender, canaries.recipient]],
    [64, ["sendmail", "-bs"]],
    [0, [...add, "--server", url, ...login]],
    [78, [...add, "--server", url, ...login]],
    [64, ["account", "add"]],
    [0, ["config", "check"]],
    [77, ["config", "check", "--sign-in"]],
    [0, ["account", "list"]],
    [0, ["account", "sign-out", "o"]],
    [64, ["account", "sign-in", "a"]],
    [78, ["config", "check", wrong]],
    [78, ["config", "check", "/nonexistent"]],
    [0, ["import", rc]],
    [65, ["import", "/nonexistent"]],
    [0, ["outbox", "enqueue", ...message, "--account", "a", "--at", "2h"]],
    [64, ["outbox", "enqueue", ...message, "--server", "submission://x"]],
    [0, ["outbox", "pause", "--account", "a", "--stream", "bulk"]],
    [0, ["outbox", "resume"]],
    [0, ["outbox", "export", id]],
    [0, ["outbox", "work", "--once"]],
    [0, ["outbox", "list"]],
    [0, ["outbox", "show", id]],
    [0, ["outbox", "explain", id]],
    [0, ["outbox", "events"]],
    [0, ["outbox", "stats"]],
    [1, ["outbox", "resolve", held.id, "--again"]],
    [1, ["outbox", "show", "nonsense"]],
    [0, ["outbox", "purge"]],
    [0, ["outbox", "schema"]],
    [0, ["lab", "list"]],
    [0, ["lab", "explain", "A1-removed"]],
    [64, ["lab", "explain", "nonsense"]],
    [64, ["lab", "nonsense"]],
    [64, ["completion", "nonsense"]],
    [64, ["nonsense"]],
  ] as const) {
    const ended = await postseal([...argv, "--json"], { environment, stdin: "Subject: x\n\nx\n" });
    assert.equal(ended.code, code, `${argv.join(" ")}: ${ended.stdout}`);
    assert.match(ended.stdout, /^\{[^\n]*\}\n$/, argv.join(" "));
    const result: unknown = JSON.parse(ended.stdout);
    assert.ok(isResult(result), `${argv.join(" ")}: ${JSON.stringify(isResult.errors)}: ${ended.stdout}`);
    assert.ok(isRecord(result));
    assert.equal(result["exitCode"], code);
    assert.equal(result["ok"], code === 0);
    for (const name of Object.keys(result)) seen.add(name);
  }
  assert.ok(isRecord(schema) && isRecord(schema["properties"]));
  assert.deepEqual(seen, new Set(Object.keys(schema["properties"])), "a field of the schema was never seen");
});

test("a run of the lab prints its report, which has a schema of its own", async () => {
  const { stdout } = await postseal(["lab", "run", "--vector", "^A1-removed$", "--loopback", "--json", "--", "false"]);
  assert.ok(isReport(JSON.parse(stdout)), JSON.stringify(isReport.errors));
});

test("the page names every field of the schema", () => {
  const page = readFileSync(new URL("docs/reference/command-json.md", root), "utf8");
  const names = new Set(namesIn(schema));
  assert.ok(names.size > 50);
  assert.deepEqual(
    [...names].filter((name) => !page.includes(`| \`${name}\``)),
    [],
  );
});
