/** `postseal account add`, by options and on a terminal. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { canaries, type Impostor } from "@postseal/lab";
import { compiled } from "../compiled.ts";
import { authority, command, Desk, type Ended, postseal, serve } from "./command.ts";

const { username, password } = canaries;
const windows = process.platform === "win32";
const python = spawnSync("python3", ["-c", "import pty"]).status === 0;

const urlOf = ({ port }: Impostor): string => `submission://${username}@127.0.0.1:${port}`;
const configuration = (desk: Desk): string => path.join(desk.folder, "postseal/config.toml");

/** Runs it with every answer given as an option. */
function add(
  desk: Desk,
  impostor: Impostor,
  more: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const argv = ["account", "add", "--address", "wren@example.test", "--server", urlOf(impostor), ...more];
  return postseal(argv, { environment: { XDG_CONFIG_HOME: desk.folder, ...environment } });
}

test("with everything given it logs in and writes an account, mode 600, that works", { skip: windows }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const ca = desk.file("ca.pem", authority.certificate);
  const file = desk.file("secret", `${password}\n`);
  const { code, stdout, stderr } = await add(desk, impostor, [
    "--ca-only",
    ca,
    "--password-file",
    file,
    "--minimum",
    "scram",
    "--trace",
  ]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^login +SCRAM-SHA-256-PLUS$/m);
  assert.match(stdout, /^written +.*config\.toml: \[accounts\.example\]$/m);
  assert.match(stderr, / sealed S: 250 /);
  assert.equal(statSync(configuration(desk)).mode & 0o777, 0o600);
  assert.equal(
    readFileSync(configuration(desk), "utf8"),
    `# By postseal account add\n\n[accounts.example]\nserver = "${urlOf(impostor)}"\nfrom = ["wren@example.test"]\npassword-file = "${file}"\nca-only = "${ca}"\nminimum = "scram"\n`,
  );
  const environment = { XDG_CONFIG_HOME: desk.folder };
  assert.equal((await postseal(["verify"], { environment })).code, 0);
  const again = await add(desk, impostor, ["--ca-only", ca, "--password-file", file]);
  assert.equal(again.code, 78);
  assert.match(again.stderr, /has an account example already/);
});

test("a name or an address that is taken is refused before a secret is fetched", { skip: windows }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  desk.configuration('[accounts.example]\nserver = "submission://mail.example.test"\nfrom = ["wren@example.test"]\n');
  const missing = ["--password-file", path.join(desk.folder, "missing")];
  const name = await add(desk, impostor, missing);
  assert.equal(name.code, 78);
  assert.match(name.stderr, /has an account example already: give another name \(--name NAME\)/);
  const address = await add(desk, impostor, ["--name", "other", ...missing]);
  assert.equal(address.code, 78);
  assert.match(address.stderr, /wren@example\.test already chooses the account example/);
});

test("a password command is a list of words in JSON", { skip: windows }, async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const ca = desk.file("ca.pem", authority.certificate);
  const words = JSON.stringify(["/bin/sh", "-c", 'echo "$PW"']);
  const { code, stderr } = await add(desk, impostor, ["--ca", ca, "--password-command", words, "--json"], {
    PW: password,
  });
  assert.equal(code, 0, stderr);
  assert.match(
    readFileSync(configuration(desk), "utf8"),
    /^password-command = \["\/bin\/sh", "-c", "echo \\"\$PW\\""\]$/m,
  );
  using other = new Desk();
  assert.equal((await add(other, impostor, ["--password-command", "pass show mail"])).code, 64);
});

test("an account that cannot log in over verified TLS is not written", async () => {
  using desk = new Desk();
  const ca = desk.file("ca.pem", authority.certificate);
  const file = desk.file("secret", `${password}\n`);
  const login = ["--ca-only", ca, "--password-file", file];
  await using stripped = await serve({ clear: { capabilities: ["AUTH PLAIN"] } });
  assert.equal((await add(desk, stripped, login)).code, 76);
  await using liar = await serve({ certificate: "otherHost" });
  assert.equal((await add(desk, liar, login)).code, 76);
  await using strict = await serve({ tls: { on: { AUTH: [{ do: "say", text: "535 5.7.8 No\r\n" }] } } });
  assert.equal((await add(desk, strict, login)).code, 77);
  await using honest = await serve();
  // Without a terminal nobody can compare a pin, so none is offered.
  const unknown = await add(desk, honest, ["--password-file", file]);
  assert.equal(unknown.code, 76);
  assert.ok(!existsSync(configuration(desk)));
});

test("without a terminal everything has to be given as options, and there is none for the password itself", async () => {
  using desk = new Desk();
  const environment = { XDG_CONFIG_HOME: desk.folder };
  const said = async (argv: readonly string[]): Promise<string> => {
    const { code, stderr } = await postseal(["account", "add", ...argv], { environment });
    assert.equal(code, 64, stderr);
    return stderr;
  };
  assert.match(await said([]), /there is no terminal to ask on: give --address/);
  assert.match(await said(["--address", "a@example.test"]), /give --server/);
  const server = ["--address", "a@example.test", "--server", "submission://a@127.0.0.1:9"];
  assert.match(await said(server), /there is a user, but no password: give --password-command/);
  assert.match(await said(["--address", "a"]), /this is not an address/);
  assert.match(await said([...server, "--username", "b", "--password-env", "X"]), /names the user already/);
  assert.match(
    await said(["--address", "a@example.test", "--server", `submission://a:${password}@127.0.0.1:9`]),
    /change it/,
  );
  assert.match(await said(["--name", "a b", ...server]), /letters, digits/);
});

test("a server without a scheme is tried both ways, and written with the one that works", async () => {
  using desk = new Desk();
  const ca = ["--ca-only", desk.file("ca.pem", authority.certificate)];
  const login = ["--username", username, "--password-file", desk.file("secret", `${password}\n`)];
  for (const [transport, scheme] of [
    ["starttls", "submission"],
    ["implicit", "submissions"],
  ] as const) {
    await using impostor = await serve({}, transport);
    const server = ["--server", `127.0.0.1:${impostor.port}`, "--name", transport];
    const argv = ["account", "add", "--address", `wren@${transport}.test`, ...server, ...ca, ...login];
    const { code, stderr } = await postseal(argv, { environment: { XDG_CONFIG_HOME: desk.folder } });
    assert.equal(code, 0, stderr);
    const line = `server = "${scheme}://${username}@127.0.0.1:${impostor.port}"`;
    assert.ok(readFileSync(configuration(desk), "utf8").includes(line));
  }
});

test("a server that offers a login gets no account without a user, unless there is to be none", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const environment = { XDG_CONFIG_HOME: desk.folder };
  const ca = ["--ca-only", desk.file("ca.pem", authority.certificate)];
  const server = ["--address", "wren@example.test", "--server", `submission://127.0.0.1:${impostor.port}`];
  const { code, stderr } = await postseal(["account", "add", ...server, ...ca], { environment });
  assert.equal(code, 64);
  assert.match(stderr, /the server offers a login \(AUTH\), and no user was named/);
  assert.ok(!existsSync(configuration(desk)));
  const relay = await postseal(["account", "add", ...server, ...ca, "--username", "-"], { environment });
  assert.equal(relay.code, 0, relay.stderr);
});

test("an error names the option, not a line of a file that does not exist", async () => {
  using desk = new Desk();
  const environment = { XDG_CONFIG_HOME: desk.folder };
  const argv = ["account", "add", "--address", "wren@example.test", "--username", "-", "--server"];
  for (const [more, code, said] of [
    [["smtp://x.example"], 64, /this is not a server: write submission:\/\/HOST/],
    [["submission://x.example:0"], 78, /^postseal: --server: /],
    [["submission://x.example", "--trust-pin", "x"], 78, /^postseal: --trust-pin: /],
    [["submission://x.example", "--ca", "/nonexistent"], 78, /^postseal: --ca: \/nonexistent cannot be read/],
  ] as const) {
    const ended = await postseal([...argv, ...more], { environment });
    assert.equal(ended.code, code, ended.stderr);
    assert.match(ended.stderr, said);
    assert.doesNotMatch(ended.stderr, /config\.toml/);
  }
});

interface Screen {
  readonly code: number;
  readonly screen: string;
  readonly unasked: readonly unknown[];
}

/** Runs it on a terminal of its own. */
async function onTerminal(
  argv: readonly string[],
  answers: readonly (readonly [string, string])[],
  desk: Desk,
): Promise<Screen> {
  const script = fileURLToPath(new URL("../../test/cli/terminal.py", import.meta.url));
  const child = spawn("python3", [script], {
    env: { ...compiled, PATH: process.env["PATH"], XDG_CONFIG_HOME: desk.folder },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify({ words: [process.execPath, ...command, ...argv], answers }));
  const ended: unknown = JSON.parse(await text(child.stdout));
  assert.ok(isScreen(ended));
  assert.deepEqual(ended.unasked, [], ended.screen);
  assert.ok(!ended.screen.includes(password), "the password is on the screen");
  return ended;
}

function isScreen(value: unknown): value is Screen {
  return typeof value === "object" && value !== null && "code" in value && "screen" in value && "unasked" in value;
}

test(
  "on a terminal it asks, trusts a private server's key once the user has compared it, and keeps a typed password in a file of its own",
  { skip: windows || !python },
  async () => {
    using desk = new Desk();
    await using impostor = await serve();
    const answers = [
      ["Your address: ", "wren@example.test"],
      ["A name for the account [example]: ", "work"],
      ["program, or file [file]: ", ""],
      ["Password (nothing is shown): ", password],
      ["instead of an authority? (yes/no): ", "yes"],
    ] as const;
    const { code, screen } = await onTerminal(["account", "add", "--server", urlOf(impostor)], answers, desk);
    assert.equal(code, 0, screen);
    const [, pin = ""] = /^ *pin +(\S{44})\r?$/m.exec(screen) ?? [];
    assert.ok(
      screen.indexOf(pin) < screen.indexOf("compare"),
      "the pin is not shown before the question whether to trust it",
    );
    const written = readFileSync(configuration(desk), "utf8");
    assert.match(written, /^\[accounts\.work\]$/m);
    assert.match(written, /^password-file = "work\.password"$/m);
    assert.ok(written.includes(`trust-pins = ["${pin}"]`));
    assert.equal(statSync(path.join(desk.folder, "postseal/work.password")).mode & 0o777, 0o600);
    assert.match(
      (await postseal(["verify"], { environment: { XDG_CONFIG_HOME: desk.folder } })).stdout,
      /verified by its pinned key/,
    );
  },
);

test(
  "a key that was not compared is not trusted: no login, nothing written",
  { skip: windows || !python },
  async () => {
    using desk = new Desk();
    await using impostor = await serve();
    const argv = ["account", "add", "--address", "wren@example.test", "--name", "work", "--server", urlOf(impostor)];
    const answers = [
      ["program, or file [file]: ", ""],
      ["Password (nothing is shown): ", password],
      ["instead of an authority? (yes/no): ", "y"],
    ] as const;
    const { code, screen } = await onTerminal(argv, answers, desk);
    assert.equal(code, 76, screen);
    assert.ok(!existsSync(configuration(desk)));
    await impostor.settled();
    const said = impostor.transcript.connections.flatMap(({ entries }) => entries).filter(({ by }) => by === "client");
    assert.ok(!said.some((entry) => entry.text.startsWith("AUTH")));
  },
);

test(
  "an answer that cannot be is asked for again, and so are user and password after a refused login",
  { skip: windows || !python },
  async () => {
    using desk = new Desk();
    await using impostor = await serve();
    const answers = [
      ["Your address: ", "wren"],
      ["Your address: ", "wren@gmail.com"],
      ["A name for the account [gmail]: ", "a b"],
      ["A name for the account [gmail]: ", "work"],
      ["Is this your server? (yes/no): ", "no"],
      ["Server (submission://HOST", "smtp://x.example"],
      ["Server (submission://HOST", `127.0.0.1:${impostor.port}`],
      ["User name", "-"],
      ["instead of an authority? (yes/no): ", "yes"],
      ["User name", username],
      ["program, or file [file]: ", ""],
      ["Password (nothing is shown): ", "mistyped"],
      [`[${username}]: `, ""],
      ["program, or file [file]: ", ""],
      ["Password (nothing is shown): ", password],
    ] as const;
    const { code, screen } = await onTerminal(["account", "add"], answers, desk);
    assert.equal(code, 0, screen);
    for (const said of [
      "this is not an address",
      "the name of an account must be",
      "this is not a server",
      "the server offers a login (AUTH)",
      "535 5.7.8",
    ])
      assert.ok(screen.includes(said), said);
    const written = readFileSync(configuration(desk), "utf8");
    assert.match(written, new RegExp(`^server = "submission://${username}@127\\.0\\.0\\.1:${impostor.port}"$`, "m"));
    assert.match(written, /^password-file = "work\.password"$/m);
    const environment = { XDG_CONFIG_HOME: desk.folder };
    assert.equal((await postseal(["verify"], { environment })).code, 0);
  },
);

test("a server that was found is used only if the user confirms it", { skip: windows || !python }, async () => {
  using desk = new Desk();
  const answers = [
    ["Is this your server? (yes/no): ", "no"],
    ["Server (submission://HOST", "submission://127.0.0.1:9"],
    ["User name", "-"],
  ] as const;
  const { code, screen } = await onTerminal(
    ["account", "add", "--address", "wren@gmail.com", "--name", "x"],
    answers,
    desk,
  );
  assert.match(screen, /Found submissions:\/\/smtp\.gmail\.com in the table of providers \(Gmail, as of 20/);
  assert.equal(code, 75, screen);
  assert.ok(!existsSync(configuration(desk)));
});

test("after Ctrl-C or the end of the input nothing is written", { skip: windows || !python }, async () => {
  using desk = new Desk();
  const interrupted = await onTerminal(["account", "add"], [["Your address: ", "\u0003"]], desk);
  assert.equal(interrupted.code, 130, interrupted.screen);
  const ended = await onTerminal(["account", "add"], [["Your address: ", "\u0004"]], desk);
  assert.equal(ended.code, 64, ended.screen);
  assert.ok(!existsSync(configuration(desk)));
});
