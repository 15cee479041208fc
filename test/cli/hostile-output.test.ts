/** What servers and files say reaches the terminal as plain text: in messages, in tables and in JSON. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sealedCapabilities } from "@postseal/lab";
import { Desk, message, postseal, serve, to } from "./command.ts";

/** C0 and C1 controls, and characters that reorder or hide others. */
const UNSAFE =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\u2028\u180e\u3164\u{e0000}-\u{e007f}]/u;
const HOSTILE = "\u009b2J\u202eX\u2066\u200b\u180e\u3164\u{e0041}";
const octets = (text: string): string => Buffer.from(text).toString("latin1");

test("EHLO keywords cannot act on the terminal, and JSON has them unchanged", async () => {
  using desk = new Desk();
  const capabilities = [...sealedCapabilities, octets(`XEVIL${HOSTILE}`), octets(`XMORE ${HOSTILE}`)];
  await using impostor = await serve({ tls: { capabilities } });
  const argv = ["verify", ...to(impostor, desk)];
  const json = await postseal([...argv, "--json"]);
  assert.equal(json.code, 0, json.stderr);
  assert.doesNotMatch(json.stdout, UNSAFE);
  const said: unknown = JSON.parse(json.stdout);
  assert.ok(JSON.stringify(said).includes(`XEVIL${HOSTILE}`), "the value differs from what the server said");
  const text = await postseal(argv);
  assert.match(text.stdout, /^offers .*XEVIL/m);
  assert.doesNotMatch(text.stdout, UNSAFE);
  const traced = await postseal([...argv, "--trace"]);
  assert.match(traced.stderr, /XEVIL/);
  assert.doesNotMatch(traced.stderr, UNSAFE);
});

test("a refusal cannot act on the terminal, in words or in JSON", async () => {
  using desk = new Desk();
  const reply = octets(`550 5.1.1 no${HOSTILE}\r\n`);
  await using impostor = await serve({ tls: { on: { RCPT: [{ do: "say", text: reply }] } } });
  for (const more of [[], ["--json"]]) {
    const { stdout, stderr } = await postseal(["send", ...to(impostor, desk), ...message, ...more]);
    assert.match(`${stdout}${stderr}`, /550/);
    assert.doesNotMatch(`${stdout}${stderr}`, UNSAFE);
  }
});

test("an imported file cannot act on the terminal, and its TOML means the same", async () => {
  using desk = new Desk();
  const hostile = "\u202ea\u200b\u2066";
  const files = [
    desk.file("rc", `account x${hostile}\nhost h.example\ntls on\nauth on\nuser u${hostile}\npassword p\n`),
    desk.file(
      "json",
      JSON.stringify({ host: "h.example", secure: true, from: `x${hostile}@x.example`, auth: { user: hostile } }),
    ),
    desk.file("escaped", `{"host":"h.example","secure":true,"\\u009b2J":1,"from":"x\\u009b@x.example"}`),
  ];
  for (const file of files) {
    const { code, stdout, stderr } = await postseal(["import", file]);
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(`${stdout}${stderr}`, UNSAFE);
    const json = await postseal(["import", file, "--json"]);
    assert.doesNotMatch(json.stdout, UNSAFE);
    const { toml }: { readonly toml?: unknown } = JSON.parse(json.stdout);
    assert.equal(toml, stdout, "the TOML in the JSON differs from the printed one");
  }
  assert.equal((await postseal(["import", desk.file("c1", "account a\u009b\nhost h.example\n")])).code, 65);
  const checked = await postseal([
    "config",
    "check",
    "--json",
    desk.file("c.toml", `[accounts."${hostile}"]\nx = 1\n`),
  ]);
  assert.equal(checked.code, 78);
  assert.doesNotMatch(checked.stdout, UNSAFE);
});
