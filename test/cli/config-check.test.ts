/** `postseal config check`: every problem, with its line and what to do. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { canaries } from "@postseal/lab";
import { Desk, postseal } from "./command.ts";

const RELAY = 'server = "submission://relay.example.test"';

/** The problems of each account with these keys, as `LINE: what. Remedy`; line 1 is the account's header. */
async function problemsOf(...accounts: readonly string[]): Promise<readonly string[]> {
  using desk = new Desk();
  const headers = accounts.map((_, index) => `[accounts.a${index}]`);
  const toml = accounts.map((keys, index) => `${headers[index]}\n${keys}\n`).join("");
  const file = desk.file("c.toml", toml);
  const { stdout } = await postseal(["config", "check", file]);
  const begins = headers.map((header) => toml.split("\n").indexOf(header));
  const found = accounts.map((): string[] => []);
  for (const said of stdout.trimEnd().split("\n")) {
    const [, line = "", problem] = /^.*?c\.toml:(\d+): (.*)$/.exec(said) ?? assert.fail(said);
    const index = begins.findLastIndex((begin) => begin < Number(line));
    found[index]?.push(`${Number(line) - (begins[index] ?? 0)}: ${problem}`);
  }
  return found.map((problems) => problems.join("\n"));
}

async function expectProblems(expected: Readonly<Record<string, RegExp>>): Promise<void> {
  const problems = await problemsOf(...Object.keys(expected));
  for (const [index, problem] of Object.values(expected).entries()) assert.match(problems[index] ?? "", problem);
}

test("all problems are printed in the order of the lines, and the exit code is 78", async () => {
  using desk = new Desk();
  const environment = desk.configuration(`
default_account = "x"
[accounts.work]
server = "smtp://mail.example.test:465"
from = ["alice"]
min-tls = 1.3
tls = false
tls-cipher-list = "ALL"
password = "${canaries.password}"
[accounts.home]
host = "mail.example.test"
port = "465"
ca = "none.pem"
pins = ["short"]
[alias]
root = "x"
`);
  const { code, stdout, stderr } = await postseal(["config", "check"], { environment });
  assert.equal(code, 78);
  assert.equal(stderr, "");
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => /config\.toml:(\d+): (.*?)[.:?]/.exec(line)?.slice(1));
  assert.deepEqual(lines, [
    ["2", "there is no key default_account"],
    ["5", '"alice" is neither an address nor a domain'],
    ["6", "min-tls has a value that is not one of its words"],
    ["7", "there is no key tls"],
    ["8", "there is no key tls-cipher-list"],
    ["9", "a secret is written in this file, where backups keep it and anybody who sees the screen can read it"],
    ["12", "port is not a number"],
    ["15", "there is no table [alias]"],
  ]);
});

test("a sound configuration prints one line for each file, and exits 0", async () => {
  using desk = new Desk();
  const environment = desk.configuration(`[accounts.b]\n${RELAY}\n[accounts.a]\n${RELAY}\n`);
  const { code, stdout } = await postseal(["config", "check"], { environment });
  assert.equal(code, 0);
  assert.equal(stdout, `${desk.folder}/postseal/config.toml: nothing wrong; accounts: b, a\n`);
});

test("a mistake that only the library finds is reported with its line too", async () => {
  using desk = new Desk();
  const empty = desk.file("empty.pem", "nothing");
  await expectProblems({
    'server = "smtp://mail.example.test:465"': /^2: server: port 465 speaks TLS from the start/,
    'server = "http://mail.example.test"': /^2: server: the scheme is not one for mail/,
    'host = "mail example"': /^2: host: "mail example" cannot be a server/,
    [`${RELAY}\npins = ["short"]`]: /^3: pins: a pin is the SHA-256/,
    [`${RELAY}\nca = "none.pem"`]: /^3: ca: .*none\.pem cannot be read \(ENOENT\)/,
    [`${RELAY}\n\nca-only = "${empty}"`]: /^4: ca-only: there is no certificate in it/,
  });
});

test("a login that cannot work is a problem", async () => {
  const user = 'server = "submission://a@relay.example.test"';
  await expectProblems({
    [user]: /^2: there is a user, but no password\. Say where it is: .* leave the user out$/,
    [`${user}\npasword-file = "x"`]: /^3: there is no key pasword-file\. Did you mean password-file\?$/,
    [`${user}\nport-number = 25`]: /^2: there is a user, but no password/,
    [`${RELAY}\npassword-env = "X"`]: /^3: there is a password or token, but no user/,
    [`${user}\npassword-env = "X"\ntoken-env = "Y"`]: /^4: password-env and token-env exclude each other/,
    [`${user}\nusername = "b"\npassword-env = "X"`]: /^3: server names the user already/,
    [`${user}\nport = 25\npassword-env = "X"`]: /^3: server names the port already/,
    [`${user}\npassword-command = "pass show mail"`]:
      /^3: password-command is not a list\. Write the program and its words/,
    [`${user}\ntoken-env = "X"\nminimum = "scram"`]: /^4: minimum is about passwords/,
    [`${user}\npassword-env = "X"\nminimum = "scram-plus"\nmechanism = "SCRAM-SHA-256"`]: /^5: mechanism is weaker/,
    [`${user}\npassword-env = "X"\nmechanism = "NTLM"`]: /^4: mechanism is not the name of a mechanism/,
    [`${RELAY}\nmechanism = "EXTERNAL"`]: /^3: EXTERNAL logs in with a client certificate/,
    [`${RELAY}\nclient-key = "x"`]: /^3: client-certificate and client-key belong together/,
    [`${RELAY}\nca = "x"\ntrust-pins = ["x"]`]: /^4: trust-pins replaces the authority and the name/,
    [`${RELAY}\nrequire-post-quantum = false`]: /^3: require-post-quantum is not true/,
    'from = "@a.test"': /^1: there is no server\. Write server = /,
  });
});

test("an account in a table that is no account's is shown its place", async () => {
  using desk = new Desk();
  const environment = desk.configuration(`[account.work]\n${RELAY}\n`);
  const { stdout } = await postseal(["config", "check"], { environment });
  assert.match(stdout, /:1: there is no table \[account\]\. Write \[accounts\.work\] if it is an account$/m);
});

test("every switch by which other programs weaken TLS is answered", async () => {
  const keys = ["tls", "starttls", "tls_starttls", "tls-certcheck", "insecure", "secure", "require-tls", "verify"];
  const problems = await problemsOf(...keys.map((key) => `${RELAY}\n${key} = false`));
  for (const problem of problems) assert.match(problem, /^3: .* TLS is always on, and always verified/);
});

test(
  "the place of a secret is checked, and no program is run for it",
  { skip: process.platform === "win32" },
  async () => {
    using desk = new Desk();
    const mark = path.join(desk.folder, "mark");
    const program = desk.file("program", `#!/bin/sh\ntouch ${mark}\n`, 0o700);
    const user = 'server = "submission://a@relay.example.test"';
    const open = desk.file("open", "x", 0o644);
    await expectProblems({
      [`${user}\npassword-command = ["${program}"]`]: /^$/,
      [`${user}\npassword-command = ["no-such-program-here"]`]: /^3: password-command: there is no program/,
      [`${user}\npassword-file = "${open}"`]: /^3: password-file: other users of this machine can read /,
      [`${user}\ntoken-file = "none"`]: /^3: token-file: .*none cannot be read \(ENOENT\)/,
    });
    assert.ok(!existsSync(mark));
  },
);

test("--json has the problems with their lines, and the accounts", async () => {
  using desk = new Desk();
  const file = desk.file("c.toml", `[accounts.a]\n${RELAY}\nfrm = "x"\n`);
  const { code, stdout } = await postseal(["config", "check", file, "--json"]);
  assert.equal(code, 78);
  const remedy = "Did you mean from?";
  assert.deepEqual(JSON.parse(stdout), {
    ok: false,
    exitCode: 78,
    files: [file],
    accounts: [],
    problems: [{ file, line: 3, what: "there is no key frm", remedy }],
  });
});

test("a missing file is reported, with the command that makes one", async () => {
  using desk = new Desk();
  const { code, stdout } = await postseal(["config", "check"], { environment: { XDG_CONFIG_HOME: desk.folder } });
  assert.equal(code, 78);
  assert.match(stdout, /there is no such file\. postseal account add makes one/);
  assert.equal((await postseal(["config", "check", `${desk.folder}/none.toml`])).code, 78);
  assert.equal((await postseal(["config", "chekc"])).code, 64);
});

test("what a file holds cannot act on the terminal", async () => {
  using desk = new Desk();
  const file = desk.file("c.toml", '[accounts.a]\n"\\u001b[2J" = 1\nserver = "submission://x"\nfrom = "\\u001b]0;x"\n');
  const { stdout } = await postseal(["config", "check", file]);
  assert.doesNotMatch(stdout, /\u001b/);
  assert.match(stdout, /there is no key \\x1b\[2J/);
});
