/** A file that a trusted file names has to be as trusted itself, and no secret reaches Node's own debug output. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { canaries } from "@postseal/lab";
import { account, authority, Desk, message, postseal, serve, to } from "./command.ts";

const skip = process.platform === "win32";

test("config check reports each file and program that others can write, and uses none of them", { skip }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const mark = path.join(desk.folder, "mark");
  const authorityFile = desk.file("open.pem", authority.certificate);
  const program = desk.file("program", `#!/bin/sh\ntouch ${mark}\necho '${canaries.password}'\n`, 0o700);
  const keys = `ca-only = "../open.pem"\npassword-command = ["${program}"]`;
  const environment = desk.configuration(account("a", impostor, desk, keys));
  assert.equal((await postseal(["config", "check"], { environment })).code, 0);
  chmodSync(authorityFile, 0o666);
  chmodSync(program, 0o777);
  const { code, stdout } = await postseal(["config", "check"], { environment });
  assert.equal(code, 78);
  assert.match(stdout, /:3: ca-only: \S*open\.pem is not trusted: others can write it\. chmod go-w \S*open\.pem$/m);
  assert.match(
    stdout,
    /:4: password-command: \S*program is not trusted: others can write it\. chmod go-w \S*program$/m,
  );
  assert.equal((await postseal(["verify"], { environment })).code, 78);
  chmodSync(authorityFile, 0o600);
  assert.equal((await postseal(["verify"], { environment })).code, 78);
  assert.ok(!existsSync(mark));
  assert.doesNotMatch(JSON.stringify(impostor.transcript), /"text":"AUTH/);
  chmodSync(program, 0o700);
  assert.equal((await postseal(["verify"], { environment })).code, 0);
  assert.ok(existsSync(mark));
});

test("a file in a folder that others can write is refused, and the error names the folder", { skip }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const environment = desk.configuration(account("a", impostor, desk));
  chmodSync(path.join(desk.folder, "postseal"), 0o777);
  const { code, stderr } = await postseal(["verify"], { environment });
  assert.equal(code, 78);
  assert.match(
    stderr,
    /config\.toml: this file chooses where mail and passwords go and which programs run, but others can write its folder \S*\/postseal\. chmod go-w \S*\/postseal$/m,
  );
});

test("a file that an option names is refused if others can write it", { skip }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const argv = to(impostor, desk);
  for (const option of ["--ca-only", "--password-file"]) {
    const file = argv[argv.indexOf(option) + 1] ?? "";
    chmodSync(file, 0o622);
    const { code, stderr } = await postseal(["send", ...argv, ...message]);
    assert.equal(code, 78);
    assert.ok(stderr.includes(`${option}: ${file} is not trusted: others can write it. chmod go-w ${file}`), stderr);
    chmodSync(file, 0o600);
  }
  const [cert, key] = [desk.file("cert.pem", "x"), desk.file("key.pem", "x")];
  for (const file of [cert, key]) chmodSync(file, 0o622);
  const login = ["--mechanism", "EXTERNAL", "--client-cert", cert, "--client-key", key];
  const external = await postseal(["verify", ...argv.slice(0, 4), ...login]);
  assert.match(external.stderr, /--client-(cert|key): \S* is not trusted/);
  assert.equal(impostor.transcript.connections.length, 0);
});

test("account add writes no password where others can replace it", { skip }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const folder = path.join(desk.folder, "postseal");
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  const server = `submission://${canaries.username}@127.0.0.1:${impostor.port}`;
  const words = [
    "account",
    "add",
    "--address",
    "wren@example.test",
    "--server",
    server,
    ...to(impostor, desk).slice(2),
  ];
  const { code, stderr } = await postseal(words, { environment: { XDG_CONFIG_HOME: desk.folder } });
  assert.equal(code, 78);
  assert.match(stderr, /nothing was written to \S*postseal: others can write its folder/);
  assert.ok(!existsSync(path.join(folder, "config.toml")));
});

test("NODE_DEBUG never prints a secret: with it set, no password program is started", { skip }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const mark = path.join(desk.folder, "mark");
  const program = desk.file("program", `#!/bin/sh\ntouch ${mark}\necho '${canaries.password}'\n`, 0o700);
  const octets = [...Buffer.from(canaries.password)].map((octet) => octet.toString(16).padStart(2, "0"));
  const ways: Readonly<Record<string, number>> = {
    [`password-command = ["${program}"]`]: 78,
    'password-file = "../password"': 0,
    'password-env = "MAIL_PASSWORD"': 0,
  };
  for (const [keys, expected] of Object.entries(ways)) {
    const configured = desk.configuration(account("a", impostor, desk, `ca-only = "../ca.pem"\n${keys}`));
    const environment = { ...configured, NODE_DEBUG: "stream,child_process", MAIL_PASSWORD: canaries.password };
    const { code, stderr } = await postseal(["verify"], { environment });
    assert.equal(code, expected, keys);
    // Node prints octets in hexadecimal.
    assert.ok(!stderr.includes(octets.slice(0, 8).join(" ")), keys);
  }
  assert.ok(!existsSync(mark));
  const plain = desk.configuration(
    account("a", impostor, desk, `ca-only = "../ca.pem"\npassword-command = ["${program}"]`),
  );
  const { code, stderr } = await postseal(["verify"], { environment: { ...plain, NODE_DEBUG: "stream" } });
  assert.equal(code, 78);
  assert.match(stderr, /NODE_DEBUG is set, so Node would print what \S*program says\. Unset it/);
  assert.equal((await postseal(["verify"], { environment: { ...plain, NODE_DEBUG: "timer" } })).code, 0);
});
