/** `postseal sendmail`, called as programs call sendmail. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { canaries, type Impostor, type Script } from "@postseal/lab";
import { account, Desk, type Ended, launcher, postseal, serve } from "./command.ts";

const FROM = 'ca-only = "../ca.pem"\npassword-file = "../password"\nfrom = ["petrel@sender.example.test"]';
const ALIASES = '[aliases]\nroot = "admin@example.test"\nteam = ["a@example.test", "b@example.test"]\n';

interface Delivered extends Ended {
  readonly impostor: Impostor;
}

async function sendmail(
  argv: readonly string[],
  stdin: string,
  script: Script = {},
  more: string = ALIASES,
): Promise<Delivered> {
  using desk = new Desk();
  await using impostor = await serve(script);
  const environment = desk.configuration(account("a", impostor, desk, FROM) + more);
  return { ...(await postseal(["sendmail", ...argv], { environment, stdin })), impostor };
}

/** Sends the message, and returns what the server stored. */
async function delivered(argv: readonly string[], stdin: string, more?: string) {
  const { code, stdout, stderr, impostor } = await sendmail(argv, stdin, {}, more);
  assert.equal(code, 0, stderr);
  assert.equal(`${stdout}${stderr}`, "", "it printed something");
  const [stored] = impostor.transcript.messages;
  assert.ok(stored !== undefined);
  return stored;
}

const WHOLE = "From: petrel@sender.example.test\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMessage-ID: <1@x.test>\n";

test("a whole message arrives unchanged to the octet, for the recipients on the command line", async () => {
  const stored = await delivered(
    ["-i", "-f", "wren@example.test", "--", "a@example.test", "b@example.test"],
    `${WHOLE}To: c@example.test\n\n.\n..\nx\n`,
  );
  assert.equal(stored.reversePath, "wren@example.test");
  assert.deepEqual(stored.forwardPaths, ["a@example.test", "b@example.test"]);
  assert.equal(stored.body, `${WHOLE}To: c@example.test\n\n.\n..\nx\n`.replaceAll("\n", "\r\n"));
});

test("-t takes the recipients from To, Cc and Bcc, and removes Bcc", async () => {
  const header = `${WHOLE}To: "Doe, A" <a@example.test>,\n b@example.test (Bob)\nCc: friends: c@example.test;\nBCC: d@example.test,\n\te@example.test\n`;
  const stored = await delivered(["-t", "-oi"], `${header}\nx\n`);
  assert.deepEqual(
    stored.forwardPaths,
    ["a", "b", "c", "d", "e"].map((name) => `${name}@example.test`),
  );
  assert.doesNotMatch(stored.body, /bcc|d@example|e@example/i);
  assert.match(stored.body, /^To: "Doe, A" <a@example\.test>,\r\n b@example\.test \(Bob\)\r$/m);
});

test("without -t Bcc is removed too, and adds no recipient", async () => {
  const stored = await delivered(["a@example.test"], `${WHOLE}Bcc: d@example.test\n\nx\n`);
  assert.deepEqual(stored.forwardPaths, ["a@example.test"]);
  assert.doesNotMatch(stored.body, /d@example/);
});

test("if there are resent fields, -t takes the recipients from those alone", async () => {
  const stored = await delivered(
    ["-t"],
    `${WHOLE}To: a@example.test\nResent-From: petrel@sender.example.test\nResent-To: b@example.test\n\nx\n`,
  );
  assert.deepEqual(stored.forwardPaths, ["b@example.test"]);
});

test("cron's mail to root is delivered: with aliases, a domain for the sender, a Date and a Message-ID", async () => {
  const cron =
    "From: root (Cron Daemon)\nTo: root\nSubject: Cron <root@host> backup\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n\nbackup failed\n";
  const stored = await delivered(["-FCronDaemon", "-i", "-odi", "-oem", "-oi", "-t", "-f", "root"], cron);
  assert.equal(stored.reversePath, canaries.sender);
  assert.deepEqual(stored.forwardPaths, ["admin@example.test"]);
  assert.match(stored.body, /^From: petrel@sender\.example\.test \(Cron Daemon\)\r$/m);
  assert.match(stored.body, /^To: admin@example\.test\r$/m);
  assert.match(stored.body, /^Date: \w{3}, \d{2} \w{3} \d{4} \d\d:\d\d:\d\d \+0000\r$/m);
  assert.match(stored.body, /^Message-ID: <[\w-]+@sender\.example\.test>\r$/m);
  assert.match(stored.body, /\r\n\r\nbackup failed\r\n$/);
});

test("a message without a header gets one, with the name from -F", async () => {
  const stored = await delivered(["-F", 'J\u00f6rg "J" Doe', "root@localhost", "team"], "Disk full: yes\n");
  assert.deepEqual(stored.forwardPaths, ["admin@example.test", "a@example.test", "b@example.test"]);
  assert.match(stored.body, /^From: =\?UTF-8\?B\?\S+\?= <petrel@sender\.example\.test>\r\n/);
  assert.match(stored.body, /\r\n\r\nDisk full: yes\r\n$/);
  const quoted = await delivered(["-F", "Doe, Jane", "root"], "x\n");
  assert.match(quoted.body, /^From: "Doe, Jane" <petrel@sender\.example\.test>\r$/m);
});

test("the configured domain completes names that have no alias", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const environment = desk.configuration(`domain = "example.test"\n${account("a", impostor, desk, FROM)}${ALIASES}`);
  const stdin = `${WHOLE}To: alice, Root <root@localhost>, Team <team>\n\nx\n`;
  const { code, stderr } = await postseal(["sendmail", "-t"], { environment, stdin });
  assert.equal(code, 0, stderr);
  const [stored] = impostor.transcript.messages;
  assert.deepEqual(stored?.forwardPaths, [
    "alice@example.test",
    "admin@example.test",
    "a@example.test",
    "b@example.test",
  ]);
  assert.match(
    stored.body,
    /^To: alice@example\.test, Root <admin@example\.test>, Team <a@example\.test>, <b@example\.test>\r$/m,
  );
});

test("an unknown name exits 67, and the error says what to write", async () => {
  const { code, stderr, impostor } = await sendmail(["-t"], `${WHOLE}To: a@example.test, backup\n\nx\n`, {}, "");
  assert.equal(code, 67);
  assert.match(
    stderr,
    /"backup" has no domain.* \[aliases\] backup = "admin@example\.com"; .* domain = "example\.com"/,
  );
  assert.equal(impostor.transcript.connections.length, 0);
});

test("the envelope's sender is from -f, else Sender, else From, else the account; <> is the null reverse-path", async () => {
  const paths = async (argv: readonly string[], header: string) =>
    (await delivered([...argv, "root"], `${header}\nx\n`)).reversePath;
  assert.equal(await paths(["-r", "<f@example.test>"], WHOLE), "f@example.test");
  assert.equal(await paths([], `${WHOLE}Sender: S <s@example.test>\n`), "s@example.test");
  assert.equal(await paths([], "From: A <a@example.test>, b@example.test\n"), "a@example.test");
  assert.equal(await paths([], "Subject: x\n"), canaries.sender);
  assert.equal(await paths(["-f", "<>"], WHOLE), "");
});

test("a message with a DKIM signature keeps its header to the octet", async () => {
  const signed = "DKIM-Signature: v=1; h=from:to:date:message-id\nFrom: root\nTo: root\n";
  const stored = await delivered(["-f", canaries.sender, "root"], `${signed}\nx\n`);
  assert.equal(stored.body, `${signed}\nx\n`.replaceAll("\n", "\r\n"));
});

test("a body is never changed, so a signature in it (S/MIME, PGP/MIME) stays valid", async () => {
  const body =
    "--b\nContent-Type: text/plain\nTo: root\n\nFrom: root\n \nBcc: x\n--b\nContent-Type: application/pkcs7-signature\n\nMIIB\n--b--\n";
  const stored = await delivered(
    ["root"],
    `From: petrel@sender.example.test\nContent-Type: multipart/signed; boundary=b\n\n${body}`,
  );
  assert.ok(stored.body.endsWith(`\r\n\r\n${body.replaceAll("\n", "\r\n")}`));
  assert.match(stored.body, /^Message-ID: /m);
});

test("CRLF in the header and LF in the body, as PHP writes it, is one message", async () => {
  const stored = await delivered(
    ["-t", "-i"],
    `To: root\r\nSubject: x\r\nFrom: ${canaries.sender}\r\n\r\none\ntwo\r\n`,
  );
  assert.match(stored.body, /\r\n\r\none\r\ntwo\r\n$/);
});

test("a CR in a header, or one that hides an address, is refused", async () => {
  const { code, impostor } = await sendmail(["root"], `${WHOLE}Subject: x\rBcc: victim@example.test\n\nx\n`);
  assert.equal(code, 65);
  assert.equal(impostor.transcript.connections.length, 0);
  assert.equal((await sendmail(["-t"], `${WHOLE}To: a@x.test b@x.test\n\nx\n`)).code, 65);
  assert.equal((await sendmail(["a@x.test RCPT TO:<b@x.test>"], `${WHOLE}\nx\n`)).code, 65);
  assert.equal((await sendmail(["a@x.test\nRCPT TO:<b@x.test>"], `${WHOLE}\nx\n`)).code, 65);
  // In a header this would be a valid folded list.
  assert.equal((await sendmail(["a@x.test,\n b@x.test"], `${WHOLE}\nx\n`)).code, 65);
  assert.equal((await sendmail(["-t"], `${WHOLE}\nTo: a@x.test\n`)).code, 65);
  assert.equal((await sendmail([], `${WHOLE}\nx\n`)).code, 64);
});

test("delivery status notifications are requested", async () => {
  const capabilities = ["PIPELINING", "DSN", "AUTH PLAIN LOGIN"];
  const argv = ["-N", "failure,delay", "-R", "hdrs", "-V", "id1", "root"];
  const { code, stderr, impostor } = await sendmail(argv, `${WHOLE}\nx\n`, { tls: { capabilities } });
  assert.equal(code, 0, stderr);
  const said = impostor.transcript.connections
    .flatMap(({ entries }) => entries)
    .map(({ text }) => text)
    .join("");
  assert.match(said, /MAIL FROM:<petrel@sender\.example\.test>.* RET=HDRS ENVID=id1\r\n/);
  assert.match(said, /RCPT TO:<admin@example\.test> NOTIFY=FAILURE,DELAY\r\n/);
});

const answering = (reply: string, only?: number): Script => ({
  tls: { on: { RCPT: [{ do: "say", text: `${reply}\r\n` }] }, ...(only === undefined ? {} : { only: { RCPT: only } }) },
});

test("the exit codes are the ones that callers rely on", async () => {
  const code = async (script: Script, argv: readonly string[] = ["a@example.test"]) =>
    (await sendmail(argv, `${WHOLE}\nx\n`, script)).code;
  assert.equal(await code(answering("550 5.1.1 No such user")), 67);
  assert.equal(await code(answering("550 5.1.2 No such domain")), 68);
  assert.equal(await code(answering("550 5.7.1 Not you")), 69);
  assert.equal(await code(answering("450 4.2.0 Greylisted")), 75);
  assert.equal(await code({ tls: { on: { final: [{ do: "close" }] } } }), 74);
  assert.equal(await code({ clear: { capabilities: ["SIZE"] } }), 76);
  assert.equal(await code({ tls: { on: { AUTH: [{ do: "say", text: "535 5.7.8 No\r\n" }] } } }), 77);
});

test("if some recipients accepted, the exit code is never 75: the caller would deliver twice to them", async () => {
  const { code, stdout, stderr } = await sendmail(
    ["a@example.test", "b@example.test"],
    `${WHOLE}\nx\n`,
    answering("450 4.2.0 Greylisted", 2),
  );
  assert.equal(code, 69);
  assert.equal(stdout, "");
  assert.match(
    stderr,
    /not for these:\ndeferred +b@example\.test \(450 4\.2\.0 Greylisted\)\n +exit 69; sending it again would deliver it twice/,
  );
});

test("an interruption before the message was handed over exits 75", async () => {
  using desk = new Desk();
  await using impostor = await serve({ tls: { on: { AUTH: [{ do: "stall" }] } } });
  const environment = desk.configuration(account("a", impostor, desk, FROM));
  const { code } = await postseal(["sendmail", "a@example.test"], {
    environment,
    stdin: `${WHOLE}\nx\n`,
    meanwhile: async (interrupt) => {
      await impostor.attacked();
      interrupt("SIGTERM");
    },
  });
  assert.equal(code, 75);
});

test("without an account it exits 78 and says how to get one; POSTSEAL_URL is enough", async () => {
  using desk = new Desk();
  const environment = { XDG_CONFIG_HOME: desk.folder };
  const { code, stderr } = await postseal(["sendmail", "a@example.test"], { environment, stdin: `${WHOLE}\nx\n` });
  assert.equal(code, 78);
  assert.match(stderr, /there is no account: postseal account add makes one/);
  const url = { ...environment, POSTSEAL_URL: "submission://127.0.0.1:9" };
  assert.equal((await postseal(["sendmail", "a@example.test"], { environment: url, stdin: `${WHOLE}\nx\n` })).code, 75);
  assert.equal((await postseal(["sendmail", "-bs"], { environment })).code, 64);
});

test("-v prints the receipt, and --json prints it as an object", async () => {
  const verbose = await sendmail(["-v", "root"], `${WHOLE}\nx\n`);
  assert.match(verbose.stdout, /^accepted +admin@example\.test/);
  const json = await sendmail(["--json", "root"], `${WHOLE}\nx\n`, answering("550 5.1.1 No such user"));
  assert.equal(json.stderr, "");
  assert.partialDeepStrictEqual(JSON.parse(json.stdout), {
    ok: false,
    exitCode: 67,
    receipt: { recipients: [{ outcome: "refused" }] },
  });
});

test("--account and the sender choose the account", async () => {
  using desk = new Desk();
  await using work = await serve();
  await using home = await serve();
  const keys = (from: string): string => `ca-only = "../ca.pem"\npassword-file = "../password"\nfrom = "${from}"`;
  const environment = desk.configuration(
    account("work", work, desk, keys("w@example.test")) + account("home", home, desk, keys("h@example.test")),
  );
  const run = (argv: readonly string[], stdin: string): Promise<Ended> =>
    postseal(["sendmail", ...argv, "a@example.test"], { environment, stdin });
  assert.equal((await run([], "From: h@example.test\n\nx\n")).code, 0);
  assert.equal((await run(["-f", "w@example.test"], "From: h@example.test\n\nx\n")).code, 0);
  assert.equal((await run(["--account=home"], "From: w@example.test\n\nx\n")).code, 0);
  assert.equal((await run([], "Subject: x\n\nx\n")).code, 78);
  assert.deepEqual([work.transcript.messages.length, home.transcript.messages.length], [1, 2]);
});

test("a link named sendmail is sendmail", { skip: process.platform === "win32" }, () => {
  using desk = new Desk();
  const link = path.join(desk.folder, "sendmail");
  symlinkSync(launcher, link);
  const { status, stderr } = spawnSync(process.execPath, [link, "-bp"], { encoding: "utf8", env: {} });
  assert.equal(status, 64);
  assert.match(stderr, /-bp lists a queue/);
});
