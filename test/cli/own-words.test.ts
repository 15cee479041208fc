/** Each subcommand speaks of its own options: the library's names, arrays and objects are for TypeScript. */
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import type { Script } from "@postseal/lab";
import { authority, Desk, postseal, serve, to } from "./command.ts";
import { letter, OutboxDesk } from "./outbox-desk.ts";

const nowhere = ["send", "--server", "submission://127.0.0.1:9", "--from", "a@example.com"];
const mail = [...nowhere, "--to", "b@example.com", "--text", "x"];
const header = (field: string): readonly string[] => [...mail, "--header", field];
const LIBRARY =
  /\barray\b|the option|\{ |pass |ready-made|replyTo|inReplyTo|messageId|headers|attachments|undefined|a Date/;

test("an error about a message names options that exist", async () => {
  const whole = "Write the whole message yourself, and give it with --message";
  for (const [argv, said] of [
    [
      [...nowhere, "--text", "x", "--to", "b@x.example,c@y.example"],
      "--to \\(number 1\\): .* Repeat --to for each address",
    ],
    [[...nowhere, "--text", "x", "--to", ""], "--to \\(number 1\\): is empty. Is a variable in it unset\\?\n"],
    [[...mail, "--cc", "Bob b@x.example"], "--cc .* Name <local-part@domain>. Repeat --cc for each address"],
    [[...mail, "--reply-to", "b@x.example;c@y.example"], "--reply-to .* Repeat --reply-to for each address"],
    [[...mail, "--bcc", "a, b <c@x.example>"], "--bcc .* Put it in quotes. Repeat --bcc for each address"],
    [header("Reply-To: x@y.example"), "--header .* is written from --reply-to: use that"],
    [header("In-Reply-To: <x@y.example>"), "is written from --in-reply-to: use that"],
    [header("References: <x@y.example>"), "is written from --references: use that"],
    [header("Date: Mon, 1 Jan 2024 00:00:00 +0000"), "is written from --date: use that"],
    [header("Subject: x"), "is written from --subject: use that"],
    [header("Message-ID: <x@y.example>"), `Message-ID has no option here. ${whole}`],
    [header("Sender: x@y.example"), `Sender has no option here. ${whole}`],
    [header("List-Unsubscribe: <mailto:x@y.example>"), `List-Unsubscribe has no option here. ${whole}`],
    [header("Content-Type: text/html"), `Content-Type cannot be set. Leave it out. ${whole}`],
    [header("Resent-To: b@x.example"), `is sent on as it was .* ${whole}`],
    [[...header("X-Priority: 1"), "--priority", "low"], "from --priority too: give one of them"],
    [header("Auto-Submitted: größer"), "Write it in ASCII, as its format requires"],
    [[...mail, "--in-reply-to", "x"], "--in-reply-to: .* several have spaces between them"],
    [[...mail, "--date", "yesterday"], "--date: .* Write it as 2026-11-28T12:00:00\\+01:00"],
    [[...mail, "--attach", "https://x.example/a"], "--attach .* download it, and give the file"],
  ] as const) {
    const { code, stderr } = await postseal(argv);
    assert.equal(code, 65, stderr);
    assert.match(stderr, new RegExp(said));
    assert.doesNotMatch(stderr, LIBRARY, stderr);
  }
  const { stdout } = await postseal([...header("Reply-To: x@y.example"), "--json"]);
  assert.match(stdout, /is written from --reply-to: use that/);
});

test("an error about a login or a server names no option of the library", async () => {
  using desk = new Desk();
  const said = async (script: Script, argv: readonly string[] = [], more: readonly string[] = []): Promise<string> => {
    await using impostor = await serve(script);
    const { code, stderr } = await postseal([...argv, ...to(impostor, desk), ...more]);
    assert.notEqual(code, 0);
    assert.doesNotMatch(stderr, /auth\.|credentials out|accessToken|timeouts\.|chunking:|postQuantum/, stderr);
    return stderr;
  };
  const verify = ["verify"];
  const plain = { tls: { capabilities: ["AUTH PLAIN"] } };
  assert.match(await said({}, verify, ["--mechanism", "plain", "--minimum", "scram"]), /weaker than minimum \(scram\)/);
  assert.match(await said(plain, verify, ["--mechanism", "scram-sha-256"]), /Leave mechanism out/);
  assert.match(await said(plain, verify, ["--minimum", "scram"]), /Lower minimum only if/);
  assert.match(await said({ tls: { capabilities: ["SIZE"] } }, verify), /leave the user out/);
  assert.match(await said({ tls: { capabilities: ["AUTH XOAUTH2"] } }, verify), /give a token instead of a password/);
  assert.match(await said({ profile: "classical" }, verify, ["--require-pq"]), /--require-pq/);
  await using impostor = await serve({ tls: { on: { MAIL: [{ do: "say", text: "530 5.7.0 Log in\r\n" }] } } });
  const argv = ["send", "--server", `submission://127.0.0.1:${impostor.port}`, ...mail.slice(3)];
  const { stderr } = await postseal([...argv, "--ca", desk.file("ca.pem", authority.certificate)]);
  assert.match(stderr, /this server offers AUTH: name a user, and give the password\./);
});

test("what a private server needs is said in the words of the subcommand", async () => {
  await using impostor = await serve({});
  const url = `submission://127.0.0.1:${impostor.port}`;
  const { stderr } = await postseal(["verify", "--server", url]);
  assert.match(stderr, /give its authority \(--ca\) or its key \(--trust-pin\); there is no switch/);
  const environment = { POSTSEAL_URL: url };
  const sendmail = ["sendmail", "-f", "a@example.com", "b@example.com"];
  const drop = await postseal(sendmail, { environment, stdin: "Subject: x\n\nx\n" });
  assert.match(drop.stderr, /give its authority \(ca\) or its key \(trust-pins\); there is no switch/);
});

test("what an account needs is said in its keys, by send, verify and the outbox", async () => {
  await using desk = await OutboxDesk.open();
  desk.environment = desk.desk.configuration(
    `[accounts.work]\nserver = "submission://127.0.0.1:${desk.server.port}"\nfrom = ["alice@example.com"]\n`,
  );
  const advice = /its authority \(ca in the account\) or its key \(trust-pins in the account\)/;
  const mine = ["--from", "alice@example.com", ...letter];
  for (const argv of [["verify"], ["send", ...mine]]) assert.match((await desk.run(argv)).stderr, advice);
  const json: unknown = JSON.parse((await desk.run(["send", "--json", ...mine])).stdout);
  assert.ok(typeof json === "object" && json !== null);
  assert.deepEqual(Object.keys(json), ["ok", "exitCode", "error", "receipt"]);
  const outbox = ["--outbox", path.join(desk.desk.folder, "outbox.db")];
  await desk.outbox(["enqueue", ...outbox, ...mine]);
  assert.match((await desk.run(["outbox", "work", "--once", ...outbox])).stderr, advice);
  for (const word of ["stats", "list"]) assert.match(await desk.outbox([word, ...outbox]), advice);
});

test("an option that other programs have is answered with ours", async () => {
  for (const [option, ours] of [
    ["-s", "-s does not exist; did you mean --subject?"],
    ["-a", "-a does not exist; did you mean --attach?"],
    ["-c", "-c does not exist; did you mean --cc?"],
    ["--body", "--body does not exist; did you mean --text?"],
    ["--host", "--host does not exist; did you mean --server?"],
    ["--tls", "--tls does not exist: TLS is always on"],
    ["--priorty", "--priorty does not exist; did you mean --priority?"],
  ] as const) {
    const { code, stderr } = await postseal([...mail, option, "x"]);
    assert.equal(code, 64);
    assert.ok(stderr.includes(ours), stderr);
  }
  assert.match(
    (await postseal([...mail, "--priority", "hihg"])).stderr,
    /one of high, normal, low; did you mean high\?/,
  );
});

const MULTIPART = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b";

test("sendmail speaks of letters and of the message, not of options of send", async () => {
  const environment = { POSTSEAL_URL: "submission://127.0.0.1:9", XDG_CONFIG_HOME: "/nonexistent" };
  for (const [argv, stdin, said] of [
    // In a single text, a NUL would be mended.
    [["-f", "a@x.example", "b@x.example"], `${MULTIPART}\n\n--b\n\na\0b\n--b--\n`, /^postseal: the message has a NUL/],
    [["-f", "a@x.example", "a..b@x.example"], "Subject: x\n\nab\n", /^postseal: a recipient \(number 1\): /],
    [["-f", "a..b@x.example", "b@x.example"], "Subject: x\n\nab\n", /^postseal: the sender: /],
  ] as const) {
    const { code, stderr } = await postseal(["sendmail", ...argv], { stdin, environment });
    assert.equal(code, 65, stderr);
    assert.match(stderr, said);
    assert.doesNotMatch(stderr, /--(?:message|to|from)\b/);
    const { stdout } = await postseal(["sendmail", "--json", ...argv], { stdin, environment });
    assert.doesNotMatch(stdout, /--(?:message|to|from)\b/);
  }
});

test("a subcommand that was left out, and a server that is empty, are what the error is about", async () => {
  const forgotten = await postseal(mail.slice(1));
  assert.equal(forgotten.code, 64);
  assert.match(
    forgotten.stderr,
    /a subcommand comes before the options, such as postseal send; the subcommands are send,/,
  );
  const undashed = await postseal(["lab", "run", "curl", "--ssl"]);
  assert.equal(undashed.code, 64);
  assert.match(undashed.stderr, /"curl" has no option before it; the client's command comes after --/);
  const empty = await postseal(["send", "--server", "", ...mail.slice(3)]);
  assert.equal(empty.code, 64);
  assert.match(empty.stderr, /--server is empty\. Is a variable in it unset\?/);
});
