/** `postseal sendmail` with what daemons write: mended if that is safe, from an address that the server takes, and logged. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { canaries, type Impostor, type Script } from "@postseal/lab";
import { account, Desk, type Ended, postseal, serve } from "./command.ts";

const OWN = canaries.sender;
const USUAL = `ca-only = "../ca.pem"\npassword-file = "../password"\nfrom = ["${OWN}"]\n`;
const WHOLE = `From: ${OWN}\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMessage-ID: <1@x.test>\n`;

interface Sent extends Ended {
  readonly impostor: Impostor;
  /** With CRLF line ends; empty if nothing was stored. */
  readonly stored: string;
  readonly reversePath: string | undefined;
  readonly forwardPaths: readonly string[];
}

interface Given {
  readonly argv?: readonly string[];
  readonly keys?: string;
  readonly aliases?: string;
  readonly script?: Script;
}

async function send(stdin: string, given: Given = {}): Promise<Sent> {
  using desk = new Desk();
  await using impostor = await serve(given.script ?? {});
  const toml = `${account("a", impostor, desk, USUAL + (given.keys ?? ""))}[aliases]\n${given.aliases ?? 'root = "admin@example.test"'}\n`;
  const environment = desk.configuration(toml);
  const ended = await postseal(["sendmail", ...(given.argv ?? ["root"])], { environment, stdin });
  const [stored] = impostor.transcript.messages;
  const { body = "", reversePath, forwardPaths = [] } = stored ?? {};
  return { ...ended, impostor, stored: body, reversePath, forwardPaths };
}

test("a progress bar, a long line and a raw subject arrive, mended", async () => {
  const { code, stderr, stored } = await send(
    `${WHOLE}Subject: Größe\nTo: Jörg <root>\n\n10%\r20%\r\n${"x".repeat(1200)}\r\r\n`,
    { script: { tls: { capabilities: ["PIPELINING", "8BITMIME", "AUTH PLAIN LOGIN"] } } },
  );
  assert.equal(code, 0, stderr);
  assert.match(stored, /^Subject: =\?UTF-8\?B\?R3LDtsOfZQ==\?=\r$/m);
  assert.match(stored, /^To: =\?UTF-8\?B\?SsO2cmc=\?= <admin@example\.test>\r$/m);
  assert.match(stored, /^Content-Transfer-Encoding: quoted-printable\r$/m);
  assert.equal(stored.split("\r\n\r\n")[1]?.replaceAll("=\r\n", ""), `10% 20%\r\n${"x".repeat(1200)}\r\n`);
});

test("a server without 8BITMIME gets a text in quoted-printable, and a signed one is refused", async () => {
  const script = { tls: { capabilities: ["PIPELINING", "AUTH PLAIN LOGIN"] } };
  const { code, stderr, stored, impostor } = await send(`${WHOLE}\nGrüße\n`, { script });
  assert.equal(code, 0, stderr);
  assert.match(stored, /^Content-Type: text\/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r$/m);
  assert.match(stored, /\r\n\r\nGr=C3=BC=C3=9Fe\r\n$/);
  assert.equal(impostor.transcript.messages.length, 1);
  const signed = await send(`${WHOLE}DKIM-Signature: v=1\n\nGrüße\n`, { script });
  assert.equal(signed.code, 65);
  assert.match(signed.stderr, /octets over 127, which the server does not take \(8BITMIME\), and it is signed/);
  const parts = await send(`${WHOLE}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nGrüße\n--b--\n`, { script });
  assert.equal(parts.code, 65);
  assert.match(parts.stderr, /octets over 127, .* no single text/);
  assert.equal((await send(`${WHOLE}\nGrüße\n`, { script, keys: "mend = false" })).code, 69);
});

test("mend = false leaves all to the judgement of the library", async () => {
  for (const body of ["one\r.\r\ntwo\n", "one\0\n", `${"x".repeat(1200)}\n`]) {
    const { code, impostor } = await send(`${WHOLE}\n${body}`, { keys: "mend = false" });
    assert.equal(code, 65);
    assert.equal(impostor.transcript.connections.length, 0);
  }
});

test("a signed message is sent to the octet, or refused with the reason", async () => {
  const signed = `${WHOLE}DKIM-Signature: v=1\nSubject: x\n\ny\n`;
  assert.equal((await send(signed)).stored, signed.replaceAll("\n", "\r\n"));
  for (const name of ["DomainKey-Signature", "ARC-Seal"]) {
    const header = `${name}: v=1\nFrom: root\nTo: root\n\nx\n`;
    assert.equal((await send(header)).stored, header.replaceAll("\n", "\r\n"));
  }
  const { code, stderr, impostor } = await send(`${signed}${"x".repeat(1200)}\n`);
  assert.equal(code, 65);
  assert.match(stderr, /more than 998 octets, and it is signed or encrypted \(DKIM-Signature\)/);
  assert.equal(impostor.transcript.connections.length, 0);
});

test('with sender = "always" the account\'s address is the sender, and the author goes into Reply-To', async () => {
  const always = { argv: ["-f", "root@box.lan", "root"], keys: 'sender = "always"' };
  const ban = await send('From: "Fail2Ban" <root@box.lan>\nSender: root@box.lan\nSubject: ban\n\nx\n', always);
  assert.equal(ban.reversePath, OWN);
  assert.match(ban.stored, new RegExp(`^From: "Fail2Ban" <${OWN}>\r$`, "m"));
  assert.match(ban.stored, /^Reply-To: "Fail2Ban" <root@box\.lan>\r$/m);
  assert.doesNotMatch(ban.stored, /^Sender:/m);
  const several = await send("From: a@box.lan, b@box.lan\nReply-To: c@x.test\n\nx\n", always);
  assert.match(several.stored, new RegExp(`^From: ${OWN}\r$`, "m"));
  assert.match(several.stored, /^Reply-To: c@x\.test\r$/m);
  assert.equal(several.stored.match(/^Reply-To:/gm)?.length, 1);
  const own = await send(`From: Me <${OWN}>\n\nx\n`, { keys: 'sender = "always"' });
  assert.match(own.stored, new RegExp(`^From: Me <${OWN}>\r$`, "m"));
  assert.doesNotMatch(own.stored, /^Reply-To:/m);
  const bounce = await send("From: a@box.lan\n\nx\n", { ...always, argv: ["-f", "<>", "root"] });
  assert.equal(bounce.reversePath, "");
});

test('sender = "always" leaves a signed message as it is', async () => {
  const signed = "DKIM-Signature: v=1\nFrom: root@box.lan\nDate: Tue, 24 Nov 2026 10:00:00 +0000\n\nx\n";
  const { stored, reversePath } = await send(signed, { keys: 'sender = "always"' });
  assert.equal(stored, signed.replaceAll("\n", "\r\n"));
  assert.equal(reversePath, "root@box.lan");
  const smime = "From: root@box.lan\nContent-Type: multipart/signed; boundary=b\n\n--b--\n";
  assert.match((await send(smime, { keys: 'sender = "always"' })).stored, /^From: root@box\.lan\r$/m);
});

test("an address with an alias is a name of this machine: as a recipient the alias, as a sender the account", async () => {
  const aliases = '"root@box.lan" = ["a@example.test", "b@example.test"]';
  const { forwardPaths, reversePath, stored } = await send("From: root@box.lan\nTo: ROOT@box.lan\n\nx\n", {
    argv: ["-t", "-f", "Root@Box.lan"],
    aliases,
  });
  assert.deepEqual(forwardPaths, ["a@example.test", "b@example.test"]);
  assert.equal(reversePath, OWN);
  assert.match(stored, new RegExp(`^From: ${OWN}\r\nTo: a@example\\.test, b@example\\.test\r$`, "m"));
  const other = await send(WHOLE.replace(OWN, "x@box.lan"), { argv: ["-f", "x@box.lan", "root@box.lan"], aliases });
  assert.equal(other.reversePath, "x@box.lan");
});

test("each message and each failure is a line in the log of the account, without a secret", async () => {
  using desk = new Desk();
  await using impostor = await serve({
    tls: { on: { RCPT: [{ do: "say", text: "550 5.1.1 No such user\r\n" }] }, only: { RCPT: 2 } },
  });
  const file = path.join(desk.folder, "mail.log");
  const environment = desk.configuration(
    `${account("a", impostor, desk, USUAL)}log = ${JSON.stringify(file)}\n[aliases]\nroot = "admin@example.test"\n`,
  );
  const run = (argv: readonly string[], stdin = `${WHOLE}Subject: secret subject\n\nsecret text\n`): Promise<Ended> =>
    postseal(["sendmail", ...argv], { environment, stdin });
  assert.equal((await run(["root"])).code, 0);
  assert.equal((await run(["root", "b@example.test"])).code, 69);
  assert.equal((await run(["nobody"])).code, 67);
  assert.equal((await run(["root"], `${WHOLE}Subject: x\ry\n\nx\n`)).code, 65);
  const log = readFileSync(file, "utf8");
  const [sent, partly, unknown, bad, end] = log.split("\n");
  const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
  assert.match(
    sent ?? "",
    new RegExp(
      `^${time} sent exit=0 account=a from=<${OWN}> to=<admin@example\\.test> message=<1@x\\.test> server=127\\.0\\.0\\.1 tls=TLSv1\\.3$`,
    ),
  );
  assert.match(partly ?? "", / partly exit=69 account=a .* to=<admin@\S+>,<b@\S+> .* not=<b@example\.test>$/);
  assert.match(unknown ?? "", / failed exit=67 account=a code=CLI_NO_USER error=".*nobody/);
  assert.match(bad ?? "", / failed exit=65 account=a code=CLI_INPUT error="the header field Subject has a CR/);
  assert.equal(end, "");
  assert.doesNotMatch(log, /secret/);
  assert.ok(!log.includes(canaries.password));
  assert.equal(statSync(file).mode & 0o077, 0);
});

test("a log that cannot be written is reported, and the message is sent", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  mkdirSync(path.join(desk.folder, "open"));
  chmodSync(path.join(desk.folder, "open"), 0o777);
  symlinkSync(path.join(desk.folder, "elsewhere"), path.join(desk.folder, "link"));
  for (const [place, why] of [
    ["../open/mail.log", /others can write/],
    ["../link", /ELOOP|EMLINK/],
    ["../none/mail.log", /ENOENT/],
  ] as const) {
    const environment = desk.configuration(`${account("a", impostor, desk, USUAL)}log = "${place}"\n`);
    const { code, stderr } = await postseal(["sendmail", "a@example.test"], { environment, stdin: `${WHOLE}\nx\n` });
    assert.equal(code, 0);
    assert.match(stderr, /^postseal: the log cannot be written \(/);
    assert.match(stderr, why);
  }
  assert.ok(!existsSync(path.join(desk.folder, "elsewhere")));
  assert.equal(impostor.transcript.messages.length, 3);
});

test("a log in syslog is reported if there is no syslog, and none is asked for without log", async () => {
  const asked = await send(`${WHOLE}\nx\n`, { keys: 'log = "syslog"' });
  assert.equal(asked.code, 0);
  if (!existsSync("/dev/log")) assert.match(asked.stderr, /^postseal: the log cannot be written \(syslog\): /);
  else assert.equal(asked.stderr, "");
  for (const keys of ['log = "none"', ""]) assert.equal((await send(`${WHOLE}\nx\n`, { keys })).stderr, "");
});

test("config check reports keys for sendmail that cannot work", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const toml = account(
    "a",
    impostor,
    desk,
    'ca-only = "../ca.pem"\nfrom = "@x.test"\nmend = "no"\nsender = "always"\nlog = "sylog"',
  );
  const { code, stdout } = await postseal(["config", "check"], { environment: desk.configuration(toml) });
  assert.equal(code, 78);
  assert.match(stdout, /mend is neither true nor false/);
  assert.match(stdout, /sender = "always" needs an address to send from, and from has none/);
  assert.match(stdout, /log has a value that is neither one of its words nor a path/);
  const missing = desk.configuration(account("a", impostor, desk, `${USUAL}log = "../none/mail.log"`));
  const other = await postseal(["config", "check"], { environment: missing });
  assert.equal(other.code, 78);
  assert.match(other.stdout, /config\.toml:6: log: its folder \S+none cannot be used \(ENOENT\)\. Make the folder/);
});
