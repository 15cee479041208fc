/** Input that could become another line, address or command is refused before anything connects, and never repaired. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { canaries } from "@postseal/lab";
import { compiled } from "../compiled.ts";
import { account, command, Desk, message, postseal, serve, to } from "./command.ts";

const windows = process.platform === "win32";
const FROM = 'ca-only = "../ca.pem"\npassword-file = "../password"\nfrom = ["petrel@sender.example.test"]';
const WHOLE = "From: petrel@sender.example.test\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMessage-ID: <1@x.test>\n";
const REFUSED = new Set([64, 65, 78]);

/** Runs the command, which must fail without connecting to the server. */
async function refused(argv: (server: readonly string[], port: number) => readonly string[], environment = {}) {
  using desk = new Desk();
  await using impostor = await serve();
  const words = argv(to(impostor, desk), impostor.port);
  const { code, stderr, stdout } = await postseal(words, { environment });
  assert.ok(code !== null && REFUSED.has(code), `${JSON.stringify(words)}: exit ${code}: ${stderr}${stdout}`);
  assert.equal(impostor.transcript.connections.length, 0);
  return stderr;
}

test("every option that becomes a header field or an address refuses a line end", async () => {
  // A body may have several lines; the names of files and variables are not written into an SMTP command.
  const others = /^(?:text|html|attach|message|timeout|ca|ca-only|client-cert|client-key|.*-file|.*-env)$/;
  const { stdout } = await postseal(["send", "--help"]);
  const options = [...stdout.matchAll(/^ +--([a-z-]+) [A-Z]/gm)].map(([, name = ""]) => name);
  const chosen = options.filter((name) => !others.test(name));
  assert.ok(chosen.length >= 13, chosen.join());
  for (const name of chosen) {
    const sound = name === "header" ? "X-A: v" : name === "subject" ? "v" : "heron@example.test";
    const rest = message.filter((word, index) => word !== `--${name}` && message[index - 1] !== `--${name}`);
    for (const text of [`${sound}\r\nX-B: w`, `\u0085${sound}\r`]) {
      await refused((server) => [
        "send",
        ...server.filter((word, index) => word !== `--${name}` && server[index - 1] !== `--${name}`),
        ...rest,
        `--${name}=${text}`,
      ]);
    }
  }
});

test("a line end beside the colon of --header is refused, not trimmed", async () => {
  for (const header of [
    "X-A\r: v",
    "X-A\n: v",
    "X-A\r\n: v",
    "X-A\t: v",
    "\nX-A: v",
    "X-A:\n v",
    "X-A:\r\nv",
    "X-A : v",
  ])
    await refused((server) => ["send", ...server, ...message, "--header", header]);
});

test("a user or a password with a control character is refused before connecting", async () => {
  for (const user of [
    "alice%0D%0ARSET",
    "alice%00root",
    "alice%C2%9B",
    "al\nice",
    "al\tice",
    " alice",
    "alice:a%00b",
  ]) {
    const server = (port: number): string => `submission://${user}@127.0.0.1:${port}`;
    if (!user.includes(":")) await refused((given, port) => ["verify", "--server", server(port), ...given.slice(2)]);
    using desk = new Desk();
    await using impostor = await serve();
    const environment = { POSTSEAL_URL: server(impostor.port) };
    assert.equal((await postseal(["verify", ...to(impostor, desk).slice(2, 4)], { environment })).code, 78, user);
    const toml = JSON.stringify(server(impostor.port));
    const configured = desk.configuration(`[accounts.a]\nserver = ${toml}\npassword-file = "../password"\n`);
    assert.equal((await postseal(["verify"], { environment: configured })).code, 78, user);
    assert.equal(impostor.transcript.connections.length, 0);
  }
  using desk = new Desk();
  const toml = '[accounts.a]\nhost = "127.0.0.1"\nport = 9\nusername = "a\\u0000b"\npassword-env = "P"\n';
  const { code, stderr } = await postseal(["verify"], { environment: { ...desk.configuration(toml), P: "x" } });
  assert.equal(code, 78);
  assert.match(stderr, /username holds a control character/);
  const login = (port: number): readonly string[] => ["--server", `submission://u@127.0.0.1:${port}`];
  for (const [option, text] of [
    ["--password-env", "a\nb"],
    ["--token-env", "a\u007fb"],
  ] as const) {
    const words = await refused((_, port) => ["verify", ...login(port), option, "P"], { P: text });
    assert.match(words, new RegExp(`${option}: the variable holds`));
  }
});

test("account add refuses a user, address or server with a control character", async () => {
  const login = ["account", "add", "--password-env", "P"];
  const address = ["--address", "a@example.test"];
  const add = (more: readonly string[]) => refused(() => [...login, ...more], { P: "x" });
  await add([...address, "--server", "submission://127.0.0.1:9", "--username", "a\nb"]);
  await add([...address, "--server", "submission://a%00b@127.0.0.1:9"]);
  await add([...address, "--server", "submission://a@127.0.0.1:9\n"]);
  await add(["--address", "a\u0085b@example.test", "--server", "submission://a@127.0.0.1:9"]);
});

test("octets that are not UTF-8 are refused in every argument, and so is U+FFFD", { skip: windows }, async () => {
  for (const argv of [
    ["send", "--subject", "\ufffd"],
    ["sendmail", "\ufffd@example.test"],
    ["sendmail", "-F", "J\ufffdrg", "root"],
    ["import", "\ufffd"],
  ]) {
    const { code, stderr } = await postseal(argv);
    assert.equal(code, 64);
    assert.match(stderr, /argument \d is not valid UTF-8/);
  }
  const script = `exec "$@" "$(printf 'J\\351rg')"`;
  const words = ["-c", script, "sh", process.execPath, ...command, "send", "--json", "--text"];
  const { status, stdout } = spawnSync("sh", words, { encoding: "utf8", env: compiled });
  assert.equal(status, 64);
  assert.partialDeepStrictEqual(JSON.parse(stdout), { exitCode: 64, error: { code: "CLI_USAGE" } });
});

test("octets that are not UTF-8 in the address of a header or in a file to import are refused", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const environment = desk.configuration(account("a", impostor, desk, FROM));
  const words = [...command, "sendmail", "-t"];
  const stdin = Buffer.from(`${WHOLE}To: j\u00f6rg@example.test\n\nx\n`, "latin1");
  const { status } = spawnSync(process.execPath, words, { input: stdin, env: { ...compiled, ...environment } });
  assert.equal(status, 65);
  assert.equal(impostor.transcript.connections.length, 0);
});

test("a message's header has to end with an empty line, so that a Bcc never becomes text that everybody reads", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const environment = desk.configuration(account("a", impostor, desk, FROM));
  const run = (argv: readonly string[], stdin: string) => postseal(["sendmail", ...argv], { environment, stdin });
  for (const line of ["this is no field", "Bcc\u00a0: e@example.test", "=?q?=", "X-A"]) {
    const stdin = `${WHOLE}To: a@example.test\n${line}\nBcc: d@example.test\n\nx\n`;
    const { code, stderr } = await run(["-t"], stdin);
    assert.equal(code, 65);
    assert.match(stderr, /line 5 of the message is neither a header field nor the empty line/);
    assert.equal((await run(["a@example.test"], stdin)).code, 65);
  }
  assert.equal((await run(["-t"], "no header\nTo: a@example.test\n")).code, 65);
  assert.equal(impostor.transcript.connections.length, 0);
  assert.equal((await run(["-t"], `${WHOLE}To: a@example.test\n.\nno field\n`)).code, 0);
  assert.equal((await run(["-t"], `${WHOLE}To: a@example.test`)).code, 0);
  assert.equal((await run(["a@example.test"], `Disk full\nBcc: of what\n`)).code, 0);
});

test("a program, a file or an include list is refused as a recipient, whatever the domain", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const environment = desk.configuration(`domain = "example.test"\n${account("a", impostor, desk, FROM)}`);
  for (const [index, name] of [
    ":include:/etc/x",
    "include:/etc/x",
    '":include:/etc/x"',
    "|/bin/sh",
    '"|/bin/sh"',
    "/etc/x",
    "\\root",
    "-f",
    "=?utf-8?q?a?=",
    "/etc/x@localhost",
    "bac\u212aup",
  ].entries()) {
    const recipient = await postseal(["sendmail", "-i", "--", name], { environment, stdin: `${WHOLE}\nx\n` });
    assert.equal(recipient.code, 65, `${name}: ${recipient.stderr}`);
    if (index % 3 > 0) continue;
    const header = await postseal(["sendmail", "-t"], { environment, stdin: `${WHOLE}To: ${name}\n\nx\n` });
    assert.equal(header.code, 65, `${name}: ${header.stderr}`);
    const sender = await postseal(["sendmail", `-f${name}`, "alice"], { environment, stdin: `${WHOLE}\nx\n` });
    assert.equal(sender.code, 65, `${name}: ${sender.stderr}`);
  }
  assert.equal(impostor.transcript.connections.length, 0);
  assert.equal((await postseal(["sendmail", "www-data"], { environment, stdin: `${WHOLE}\nx\n` })).code, 0);
});

test("-t accepts an address literal, and a name with a comma in its encoded word", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const environment = desk.configuration(account("a", impostor, desk, FROM));
  const stdin = `${WHOLE}To: user@[IPv6:2001:db8::1], =?utf-8?q?Doe,_Jane?= <jane@example.test>\n\nx\n`;
  const { code, stderr } = await postseal(["sendmail", "-t"], { environment, stdin });
  assert.equal(code, 0, stderr);
  const [stored] = impostor.transcript.messages;
  assert.deepEqual(stored?.forwardPaths, ["user@[IPv6:2001:db8::1]", "jane@example.test"]);
  assert.ok(!stored.body.includes(canaries.password));
});
