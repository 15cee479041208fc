/** Where the password may come from, and where it never goes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canaries } from "@postseal/lab";
import { authority, Desk, message, postseal, serve, to } from "./command.ts";

const { username, password } = canaries;

test("a password in --server is refused with advice before any connection", async () => {
  await using impostor = await serve();
  const server = `submission://${username}:${password}@127.0.0.1:${impostor.port}`;
  for (const url of [server, server.replace("127.0.0.1", "not a host")]) {
    const { code, stderr } = await postseal(["verify", "--server", url, "--json"]);
    assert.equal(code, 64, stderr);
  }
  const { stderr } = await postseal(["send", "--server", server, ...message]);
  assert.match(stderr, /shows in the process list .* --password-file FILE or --password-env NAME/);
  assert.equal(impostor.transcript.connections.length, 0);
});

test("a password in a mistyped option, or without an option, is not repeated", async () => {
  for (const argv of [["--password", password], [`--pasword=${password}`], [`smtp://${username}:${password}@h`]]) {
    assert.equal((await postseal(["verify", ...argv])).code, 64);
  }
});

test("POSTSEAL_URL names the server and may hold the password", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const url = `submission://${username}:${encodeURIComponent(password)}@127.0.0.1:${impostor.port}`;
  const argv = ["send", "--ca", desk.file("ca.pem", authority.certificate), ...message];
  const { code, stderr } = await postseal(argv, { environment: { POSTSEAL_URL: url } });
  assert.equal(code, 0, stderr);
  assert.equal(impostor.transcript.messages[0]?.username, username);
});

test("--password-env names a variable, which has to be set", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const argv = [
    "verify",
    "--server",
    `submission://${username}@127.0.0.1:${impostor.port}`,
    "--ca",
    desk.file("ca.pem", authority.certificate),
    "--password-env",
    "MAIL_PASSWORD",
  ];
  const { code, stdout } = await postseal(argv, { environment: { MAIL_PASSWORD: password } });
  assert.equal(code, 0);
  assert.match(stdout, /^login +SCRAM-SHA-256-PLUS$/m);
  const unset = await postseal(argv);
  assert.equal(unset.code, 78);
  assert.match(unset.stderr, /--password-env: the environment variable is not set or not exported, or is empty/);
});

test("a variable may end with one line end, and holds no second line", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const ca = desk.file("ca.pem", authority.certificate);
  const server = `submission://${username}@127.0.0.1:${impostor.port}`;
  const argv = ["verify", "--server", server, "--ca", ca, "--password-env", "PW"];
  const account = `[accounts.a]\nserver = "${server}"\nca = "../ca.pem"\npassword-env = "PW"\n`;
  const configuration = desk.configuration(account);
  for (const end of ["\n", "\r\n"]) {
    const PW = `${password}${end}`;
    assert.equal((await postseal(argv, { environment: { PW } })).code, 0);
    assert.equal((await postseal(["verify"], { environment: { ...configuration, PW } })).code, 0);
  }
  for (const PW of [`${password}\nuser: wren`, `${password}\n\n`, `\n${password}`]) {
    const before = impostor.transcript.connections.length;
    const { code, stderr } = await postseal(argv, { environment: { PW } });
    assert.equal(code, 78);
    assert.match(stderr, /--password-env: the variable holds more than one line: set it to the secret alone/);
    assert.equal(impostor.transcript.connections.length, before);
    const other = await postseal(["verify"], { environment: { ...configuration, PW } });
    assert.equal(other.code, 78);
    assert.match(other.stderr, /config\.toml:4: password-env: the environment variable holds more than one line/);
  }
});

test(
  "a password file that others can read is used with a warning",
  { skip: process.platform === "win32" },
  async () => {
    using desk = new Desk();
    await using impostor = await serve();
    const argv = [...to(impostor, desk), "--password-file", desk.file("open", `${password}\r\nnotes\n`, 0o644)];
    argv.splice(argv.indexOf("--password-file"), 2);
    const { code, stderr } = await postseal(["verify", ...argv]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^postseal: warning: other users of this machine can read .*open: chmod 600/);
  },
);

test("a user without a password, and a password without a user, are usage errors", async () => {
  using desk = new Desk();
  const user = await postseal(["verify", "--server", "submission://wren@127.0.0.1:9"]);
  assert.equal(user.code, 64);
  assert.match(user.stderr, /the URL names a user, but there is no password/);
  const file = desk.file("password", password);
  assert.equal((await postseal(["verify", "--server", "submission://127.0.0.1:9", "--password-file", file])).code, 64);
});

test("a password file is read only after the server is verified", async () => {
  using desk = new Desk();
  await using impostor = await serve({ certificate: "unknownAuthority" });
  await using honest = await serve();
  // Its first line is empty, so that reading it fails: the exit code shows whether it was read.
  const argv = (port: number): readonly string[] => to({ port }, desk, "");
  assert.equal((await postseal(["verify", ...argv(impostor.port)])).code, 76);
  assert.equal((await postseal(["verify", ...argv(honest.port)])).code, 78);
});
