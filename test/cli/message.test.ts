/** What `postseal send` makes of its options: texts from files, fields of the header, the account's sender. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { canaries, type Impostor, sealedCapabilities } from "@postseal/lab";
import { account, Desk, type Ended, postseal, serve, to } from "./command.ts";

const envelope = ["--from", canaries.sender, "--to", canaries.recipient];
const send = (impostor: Impostor, desk: Desk, argv: readonly string[], stdin = ""): Promise<Ended> =>
  postseal(["send", ...to(impostor, desk), ...envelope, ...argv], { stdin });

test("text and HTML come from files, with or without a byte order mark", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const text = desk.file("text", "\ufeffGrüße\n");
  const html = desk.file("page.html", "<p>Grüße\n");
  const sent = await send(impostor, desk, ["--text-file", text, "--html-file", html]);
  assert.equal(sent.code, 0, sent.stderr);
  assert.equal((await send(impostor, desk, ["--text-file", "-"], "from a pipe\n")).code, 0);
  const [both, piped] = impostor.transcript.messages.map(({ body }) => body);
  assert.match(both ?? "", /^Content-Type: text\/plain; charset=utf-8\r$/m);
  assert.match(both ?? "", /^R3LDvMOfZQ0K\r$/m);
  assert.match(both ?? "", /^PHA\+R3LDvMOfZQ0K\r$/m);
  assert.match(piped ?? "", /^from a pipe\r$/m);
});

test("a text that is @ and the name of a file is refused; any other @ is text", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const file = desk.file("page.html", "<p>x");
  for (const option of ["--text", "--html"]) {
    const { code, stderr } = await send(impostor, desk, [option, `@${file}`]);
    assert.equal(code, 64);
    assert.ok(stderr.includes(`${option} takes the text itself, and ${file} is a file: give ${option}-file ${file}`));
  }
  const { stderr } = await send(impostor, desk, ["--html", file]);
  assert.ok(stderr.includes(`--html takes the text itself, and ${file} is a file: give --html-file ${file}`), stderr);
  assert.equal(impostor.transcript.connections.length, 0);
  assert.equal((await send(impostor, desk, ["--text", "@alice: see you"])).code, 0);
  assert.equal((await send(impostor, desk, ["--text", file, "--html", "see page.html"])).code, 0);
});

test("a file that is missing or not UTF-8, and two sources of one text, are refused before connecting", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const missing = await send(impostor, desk, ["--text-file", "/nonexistent"]);
  assert.equal(missing.code, 65);
  assert.match(missing.stderr, /--text-file: \/nonexistent cannot be read \(ENOENT\)/);
  const latin = desk.file("latin", "");
  writeFileSync(latin, Buffer.from([0x47, 0xfc]));
  assert.match((await send(impostor, desk, ["--html-file", latin])).stderr, /is not UTF-8 text; convert it/);
  assert.equal((await send(impostor, desk, ["--text", "x", "--text-file", latin])).code, 64);
  assert.equal((await send(impostor, desk, ["--text", "-", "--html-file", "-"])).code, 64);
  const ready = desk.file("ready.eml", "From: a@example.com\n\nx\n");
  assert.equal((await send(impostor, desk, ["--message", ready, "--text-file", latin])).code, 64);
  assert.equal(impostor.transcript.connections.length, 0);
});

test("an answer has its fields, and a priority and a date", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const fields = ["--reply-to", "Desk <desk@example.test>", "--reply-to", "b@example.test", "--priority", "high"];
  const thread = ["--in-reply-to", "<2@example.test>", "--date", "2026-11-28T12:00:00+01:00"];
  const { code, stderr } = await send(impostor, desk, ["--text", "x", ...fields, ...thread]);
  assert.equal(code, 0, stderr);
  await send(impostor, desk, ["--text", "x", ...thread, "--references", "<1@example.test> <2@example.test>"]);
  const [first = "", second = ""] = impostor.transcript.messages.map(({ body }) => body);
  for (const line of [
    "Reply-To: Desk <desk@example.test>, b@example.test",
    "In-Reply-To: <2@example.test>",
    "References: <2@example.test>",
    "Date: Sat, 28 Nov 2026 12:00:00 +0100",
    "X-Priority: 1",
  ])
    assert.ok(first.includes(`${line}\r\n`), first);
  assert.match(second, /^References: <1@example\.test> <2@example\.test>\r$/m);
});

test("without --from the account's first whole address is the sender", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const keys = (from: string): string => `ca-only = "../ca.pem"\npassword-file = "../password"\nfrom = ${from}`;
  const work = account("work", impostor, desk, keys('["@example.test", "wren@example.test"]'));
  const environment = desk.configuration(`${work}${account("home", { port: 9 }, desk, keys('"@home.test"'))}`);
  const argv = ["send", "--to", canaries.recipient, "--text", canaries.body, "--account"];
  const { code, stderr } = await postseal([...argv, "work"], { environment });
  assert.equal(code, 0, stderr);
  assert.equal(impostor.transcript.messages[0]?.reversePath, "wren@example.test");
  assert.match(impostor.transcript.messages[0]?.body ?? "", /^From: wren@example\.test\r$/m);
  const without = await postseal([...argv, "home"], { environment });
  assert.equal(without.code, 64);
  assert.match(without.stderr, /give --from ADDRESS, or put an address into from of the account/);
});

test("people read how large a message is as it travels, and why; programs read octets", async () => {
  using desk = new Desk();
  const capabilities = sealedCapabilities.map((line) => (line.startsWith("SIZE") ? "SIZE 2097152" : line));
  await using impostor = await serve({ tls: { capabilities } });
  const argv = ["--text", "x", "--attach", desk.file("film", "x".repeat(3 * 1024 * 1024))];
  const { code, stderr } = await send(impostor, desk, argv);
  assert.equal(code, 69);
  assert.match(
    stderr,
    /The message is 4\.1 MiB long as it travels, and 127\.0\.0\.1(?::\d+)? takes at most 2\.0 MiB\. Files grow .* 1\.5 MiB of them fit\./,
  );
  assert.match((await send(impostor, desk, [...argv, "--json"])).stdout, /takes at most 2097152/);
});

test("an empty standard input is named as that", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const { code, stderr } = await send(impostor, desk, ["--message", "-"]);
  assert.equal(code, 65);
  assert.match(stderr, /--message -: standard input was empty, so there is no message/);
  assert.equal(impostor.transcript.connections.length, 0);
});
