/** Accounts: which one is chosen, what it demands, and where its secret comes from. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { canaries, type Impostor } from "@postseal/lab";
import { account, Desk, type Ended, message, postseal, serve } from "./command.ts";

const { username, password } = canaries;
const windows = process.platform === "win32";

/** Verifies with an account that has these keys and the authority. */
async function verify(
  keys: string,
  desk: Desk,
  impostor: Impostor,
  more: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const environment = desk.configuration(account("a", impostor, desk, `ca-only = "../ca.pem"\n${keys}`));
  return await postseal(["verify"], { environment: { ...environment, ...more } });
}

function saidTo(impostor: Impostor): string {
  const entries = impostor.transcript.connections.flatMap((connection) => connection.entries);
  return entries
    .filter(({ by }) => by === "client")
    .map((entry) => entry.text)
    .join("");
}

test("the sender's address chooses the account, then its domain, then the default account", async () => {
  using desk = new Desk();
  await using exact = await serve();
  await using domain = await serve();
  await using fallback = await serve();
  const keys = 'ca-only = "../ca.pem"\npassword-file = "../password"\n';
  const environment = desk.configuration(
    `default-account = "fallback"\n` +
      account("domain", domain, desk, `${keys}from = ["@example.test"]`) +
      account("exact", exact, desk, `${keys}from = "wren@example.test"`) +
      account("fallback", fallback, desk),
  );
  const from = async (sender: string): Promise<void> => {
    const argv = ["send", "--from", sender, "--to", canaries.recipient, "--text", canaries.body];
    const { code, stderr } = await postseal(argv, { environment });
    assert.equal(code, 0, stderr);
  };
  await from("Wren <Wren@Example.test>");
  await from("knot@example.test");
  await from("knot@elsewhere.test");
  const sent = ({ transcript }: Impostor): readonly string[] =>
    transcript.messages.map(({ reversePath }) => reversePath);
  assert.deepEqual(sent(exact), ["Wren@Example.test"]);
  assert.deepEqual(sent(domain), ["knot@example.test"]);
  assert.deepEqual(sent(fallback), ["knot@elsewhere.test"]);
});

test("--account chooses an account regardless of the sender and of POSTSEAL_URL", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const own = desk.configuration(account("work", impostor, desk) + account("home", { port: 9 }, desk));
  const environment = { ...own, POSTSEAL_URL: "submission://127.0.0.1:9" };
  const { code, stderr } = await postseal(["send", "--account", "work", ...message], { environment });
  assert.equal(code, 0, stderr);
  const misspelt = await postseal(["verify", "--account", "wrok"], { environment });
  assert.equal(misspelt.code, 64);
  assert.match(misspelt.stderr, /there is no such account; did you mean work\?/);
  const both = await postseal(["verify", "--account", "work", "--server", "submission://127.0.0.1:9"], { environment });
  assert.equal(both.code, 64);
});

test("if --server or POSTSEAL_URL is given, mistakes in the accounts do not matter", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const environment = desk.configuration("nonsense");
  const url = `submission://${username}:${password}@127.0.0.1:${impostor.port}`;
  account("unused", impostor, desk);
  const argv = ["verify", "--ca", path.join(desk.folder, "ca.pem")];
  assert.equal((await postseal(argv, { environment: { ...environment, POSTSEAL_URL: url } })).code, 0);
  assert.equal((await postseal(["verify"], { environment })).code, 78);
});

test("without a server and without accounts the command says how to get one", async () => {
  using desk = new Desk();
  const { code, stderr } = await postseal(["verify"], { environment: { XDG_CONFIG_HOME: desk.folder } });
  assert.equal(code, 64);
  assert.match(stderr, /give --server .* set POSTSEAL_URL, or make an account with postseal account add/);
});

test("an account that is not found is reported with the files, and with the variable that led there", async () => {
  using desk = new Desk();
  const { folder } = desk;
  const own = `${folder}/.config/postseal/config.toml`;
  for (const [argv, environment, said] of [
    [["verify"], { HOME: folder }, `${own} (HOME is ${folder}) or /etc/postseal/config.toml`],
    [["verify", "--account", "work"], { HOME: folder }, `${own} (HOME is ${folder}) or /etc/postseal/config.toml`],
    [["sendmail", "root"], { HOME: folder }, `${own} (HOME is ${folder}) or /etc/postseal/config.toml`],
    [["config", "check"], { XDG_CONFIG_HOME: folder }, `(XDG_CONFIG_HOME is ${folder}) or /etc`],
    [["verify"], {}, "(HOME is not set, so the home of "],
    [["verify"], { HOME: "" }, "(HOME is not set, so the home of "],
    [["verify"], { HOME: "here" }, "(HOME is no absolute path, so the home of "],
  ] as const) {
    const { stdout, stderr } = await postseal(argv, { environment });
    assert.ok(`${stdout}${stderr}`.includes(said), `${stdout}${stderr}`);
  }
});

test("nothing is sent if nothing chooses one of several accounts", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const environment = desk.configuration(account("a", impostor, desk) + account("b", impostor, desk));
  const { code, stderr } = await postseal(["send", ...message], { environment });
  assert.equal(code, 78);
  assert.match(stderr, /no account is for petrel@sender\.example\.test: .* default-account, or give --account NAME/);
  assert.equal(impostor.transcript.connections.length, 0);
});

test("host, port, transport and username do what a URL does", async () => {
  using desk = new Desk();
  await using impostor = await serve({}, "implicit");
  account("a", impostor, desk);
  const environment = desk.configuration(
    `[accounts.a]\nhost = "127.0.0.1"\nport = ${impostor.port}\ntransport = "implicit"\nusername = "${username}"\n` +
      'ca = "../ca.pem"\npassword-file = "../password"\n',
  );
  const { code, stdout, stderr } = await postseal(["verify"], { environment });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^login +SCRAM-SHA-256-PLUS$/m);
});

test("a password comes from a program, a file, a variable or the keyring", { skip: windows }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  desk.file("env.js", 'console.log(process.env["PW"])');
  const program = JSON.stringify([
    process.execPath,
    desk.file("print.cjs", 'console.log(process.env["PW"] + "\\nmore")'),
  ]);
  assert.equal((await verify(`password-command = ${program}`, desk, impostor, { PW: password })).code, 0);
  desk.file("bom", `\ufeff${password}\r\nnotes`);
  assert.equal((await verify('password-file = "../bom"', desk, impostor)).code, 0);
  assert.equal((await verify('password-env = "PW"', desk, impostor, { PW: password })).code, 0);
  const keyring = '#!/bin/sh\ntest "$*" = "lookup service smtp user wren" && echo "$PW"\n';
  desk.file("secret-tool", keyring, 0o700);
  const keys = 'password-secret-tool = { service = "smtp", user = "wren" }';
  const found = await verify(keys, desk, impostor, { PW: password, PATH: `${desk.folder}:/usr/bin:/bin` });
  assert.equal(found.code, 0, found.stderr);
});

test("no shell interprets the words of a password command", { skip: windows }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const touched = path.join(desk.folder, "touched");
  const words = JSON.stringify(["/bin/echo", `$(touch ${touched})`, ";", "touch", touched]);
  // `echo` prints its words, which the server refuses as a password.
  assert.equal((await verify(`password-command = ${words}`, desk, impostor)).code, 77);
  assert.ok(!existsSync(touched));
});

test("the password command runs only after the server is verified", async () => {
  using desk = new Desk();
  await using honest = await serve();
  await using liar = await serve({ certificate: "unknownAuthority" });
  const mark = path.join(desk.folder, "mark");
  const script = desk.file("mark.cjs", `require("node:fs").writeFileSync(${JSON.stringify(mark)}, "")`);
  const keys = `password-command = ${JSON.stringify([process.execPath, script])}`;
  assert.equal((await verify(keys, desk, liar)).code, 76);
  assert.ok(!existsSync(mark));
  // The program prints nothing, which is an error of its own.
  const { code, stderr } = await verify(keys, desk, honest);
  assert.equal(code, 78);
  assert.match(stderr, /config\.toml:4: password-command: the program printed nothing/);
  assert.ok(existsSync(mark));
});

test("a program that fails is named with its exit code, and what it printed is not repeated", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const script = desk.file("fail.cjs", 'console.log(process.env["PW"]); process.exitCode = 3');
  const program = JSON.stringify([process.execPath, script, "--word"]);
  const { code, stderr } = await verify(`password-command = ${program}`, desk, impostor, { PW: password });
  assert.equal(code, 78);
  assert.match(stderr, /password-command: .* exited with 3\. Run it by hand/);
  assert.doesNotMatch(stderr, /--word/);
  const none = await verify('password-command = ["/nowhere/program"]', desk, impostor);
  assert.match(none.stderr, /there is no program \/nowhere\/program/);
});

test("a password file that others can read is not used, and no login is tried", { skip: windows }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  desk.file("open", password, 0o640);
  const { code, stderr } = await verify('password-file = "../open"', desk, impostor);
  assert.equal(code, 78);
  assert.match(stderr, /other users of this machine can read .*open\. chmod 600 /);
  await impostor.settled();
  assert.doesNotMatch(saidTo(impostor), /AUTH/);
});

test("a secret in the file is refused with advice, and not repeated", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  for (const key of ["password", "passwd", "token"]) {
    const { code, stderr } = await verify(`${key} = "${password}"`, desk, impostor);
    assert.equal(code, 78);
    assert.match(
      stderr,
      /config\.toml:4: a secret is written in this file.* change it\. Say where it is: password-command/,
    );
  }
  const url = `[accounts.a]\nserver = "submission://${username}:${password}@127.0.0.1:9"\n`;
  const { stderr } = await postseal(["verify"], { environment: desk.configuration(url) });
  assert.match(stderr, /config\.toml:2: there is a password in the URL/);
  assert.equal(impostor.transcript.connections.length, 0);
});

test("an account's demands on TLS are enforced", async () => {
  using desk = new Desk();
  await using classical = await serve({ profile: "classical" });
  await using modern = await serve();
  const login = 'password-file = "../password"';
  assert.equal((await verify(login, desk, classical)).code, 0);
  assert.equal((await verify(`${login}\nrequire-post-quantum = true`, desk, classical)).code, 76);
  const wrong = `${"A".repeat(43)}=`;
  assert.equal((await verify(`${login}\npins = ["${wrong}"]`, desk, modern)).code, 76);
  const { stdout } = await verify(`${login}\nmin-tls = "1.3"`, desk, modern);
  const pin = /^pin +(\S{44})$/m.exec(stdout)?.[1] ?? "";
  assert.equal((await verify(`${login}\npins = ["${wrong}", "${pin}"]`, desk, modern)).code, 0);
  const trusting = desk.configuration(account("a", modern, desk, `${login}\ntrust-pins = "${pin}"`));
  assert.match((await postseal(["verify"], { environment: trusting })).stdout, /verified by its pinned key/);
  const untrusting = desk.configuration(account("a", modern, desk, login));
  assert.equal((await postseal(["verify"], { environment: untrusting })).code, 76);
});

test("an account's minimum for the login is enforced, and its client certificate is shown", async () => {
  using desk = new Desk();
  await using plain = await serve({ tls: { capabilities: ["AUTH PLAIN LOGIN"] } });
  const login = 'password-file = "../password"';
  assert.equal((await verify(`${login}\nminimum = "scram"`, desk, plain)).code, 77);
  assert.match((await verify(`${login}\nmechanism = "login"`, desk, plain)).stdout, /^login +LOGIN$/m);
});

test("the command line can demand more than an account, but not less, and not change it", async () => {
  using desk = new Desk();
  await using classical = await serve({ profile: "classical" });
  const environment = desk.configuration(account("a", classical, desk));
  assert.equal((await postseal(["verify"], { environment })).code, 0);
  assert.equal((await postseal(["verify", "--require-pq"], { environment })).code, 76);
  assert.match((await postseal(["verify", "--minimum", "scram"], { environment })).stdout, /^login +SCRAM/m);
  for (const more of [
    ["--ca", path.join(desk.folder, "ca.pem")],
    ["--password-env", "PW"],
    ["--trust-pin", "x"],
  ]) {
    const { code, stderr } = await postseal(["verify", ...more], { environment });
    assert.equal(code, 64);
    assert.match(stderr, /needs --server or POSTSEAL_URL\. The account a has its own settings/);
  }
});

test("a mistake anywhere in the file stops everything: half a policy is no policy", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const wrong =
    '[accounts.other]\nserver = "submission://mail.example.test"\nrequire-postquantum = true\nmin-tls = 1.3\n';
  const environment = desk.configuration(account("a", impostor, desk) + wrong);
  const { code, stderr } = await postseal(["verify", "--account", "a"], { environment });
  assert.equal(code, 78);
  assert.match(
    stderr,
    /config\.toml:7: there is no key require-postquantum\. Did you mean require-post-quantum\? \(and 1 more: postseal config check lists it\)/,
  );
  assert.equal(impostor.transcript.connections.length, 0);
});

test("a configuration that others can write is not used", { skip: windows }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const text = account("a", impostor, desk);
  assert.equal((await postseal(["verify"], { environment: desk.configuration(text) })).code, 0);
  using other = new Desk();
  const { code } = await postseal(["verify"], { environment: other.configuration(text, (0o666 & ~0o044) | 0o022) });
  assert.equal(code, 78);
});
