/** What the command does on a terminal, and what it leaves out without one. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { text } from "node:stream/consumers";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { clearCapabilities } from "@postseal/lab";
import { compiled } from "../compiled.ts";
import { command, Desk, message, postseal, serve, to } from "./command.ts";

const python = spawnSync("python3", ["-c", "import pty"]).status === 0;
const stripped = { clear: { capabilities: clearCapabilities.filter((line) => line !== "STARTTLS") } };
const ESCAPE = "\u001b";

interface Terminal {
  readonly columns?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Everything that is written to a terminal of this width. */
async function screenOf(argv: readonly string[], { columns = 80, environment = {} }: Terminal = {}): Promise<string> {
  const script = fileURLToPath(new URL("../../test/cli/terminal.py", import.meta.url));
  const child = spawn("python3", [script], {
    env: { ...compiled, PATH: process.env["PATH"], TERM: "xterm-256color", ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify({ words: [process.execPath, ...command, ...argv], answers: [], columns }));
  const ended: unknown = JSON.parse(await text(child.stdout));
  assert.ok(typeof ended === "object" && ended !== null && "screen" in ended);
  return String(ended.screen);
}

suite("on a terminal", { skip: !python, concurrency: true }, () => {
  test("an error is red, unless NO_COLOR is set", async () => {
    using desk = new Desk();
    await using impostor = await serve(stripped);
    const argv = ["send", ...to(impostor, desk), ...message];
    assert.ok((await screenOf(argv)).includes(`${ESCAPE}[31mpostseal:`));
    const plain = await screenOf(argv, { environment: { NO_COLOR: "1" } });
    assert.match(plain, /did not offer STARTTLS/);
    assert.ok(!plain.includes(ESCAPE));
  });

  test("the lab's colours obey NO_COLOR too", async () => {
    const argv = ["lab", "run", "--vector", "^A1-removed$", "--loopback", "--", "false"];
    const environment = { NO_COLOR: "1" };
    // The sequence that clears a line is not a colour.
    const screen = (await screenOf(argv, { environment })).replaceAll(`${ESCAPE}[2K`, "");
    assert.match(screen, /nothing is proved/);
    assert.ok(!screen.includes(ESCAPE), screen);
  });

  test("text is wrapped to the terminal's width", async () => {
    using desk = new Desk();
    await using impostor = await serve(stripped);
    for (const argv of [
      ["send", ...to(impostor, desk), ...message],
      ["verify", "--help"],
      ["lab", "explain", "A1-removed"],
    ]) {
      const screen = await screenOf(argv, { columns: 60, environment: { NO_COLOR: "1" } });
      const lines = screen.split(/\r?\n/).filter((line) => !/^ {2,}(postseal|--)|:\/\//.test(line));
      assert.ok(lines.length > 3, screen);
      for (const line of lines) assert.ok(line.length <= 60, line);
    }
  });

  test("if a server says nothing there is a word before the mailer gives up, with the other scheme", async () => {
    using desk = new Desk();
    await using impostor = await serve({}, "implicit");
    const argv = ["verify", ...to(impostor, desk), "--timeout", "8"];
    const screen = await screenOf(argv, { environment: { NO_COLOR: "1" } });
    assert.match(
      screen.replaceAll(/\s+/g, " "),
      new RegExp(
        `127.0.0.1:${impostor.port} says nothing. If it speaks TLS from the start, write submissions://127.0.0.1:${impostor.port} .*8 s of --timeout`,
      ),
    );
  });

  test("a long message has a progress bar, which is gone once it is sent", async () => {
    using desk = new Desk();
    await using impostor = await serve();
    const attachment = desk.file("long.bin", "x".repeat(4_000_000));
    const screen = await screenOf(["send", ...to(impostor, desk), ...message, "--attach", attachment]);
    assert.match(screen, /█+░* +\d+ % of \d\.\d MiB/);
    assert.match(screen, /\u001b\[2K(?:\u001b\[\d+m)*accepted/);
  });
});

test("in a pipe there is no escape, no bar and no wrapping", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const attachment = desk.file("long.bin", "x".repeat(4_000_000));
  const sent = await postseal(["send", ...to(impostor, desk), ...message, "--attach", attachment]);
  assert.equal(sent.code, 0, sent.stderr);
  assert.equal(sent.stderr, "");
  await using thief = await serve(stripped);
  const refused = await postseal(["send", ...to(thief, desk), ...message]);
  assert.equal(refused.stderr.split("\n").length, 3, refused.stderr);
  for (const { stdout, stderr } of [sent, refused]) assert.doesNotMatch(`${stdout}${stderr}`, /[\u001b\r]/);
});

test("a reader that stops early causes no error", { skip: process.platform === "win32" }, () => {
  const words = [process.execPath, ...command].map((word) => `'${word}'`).join(" ");
  const { stdout, stderr } = spawnSync("bash", ["-c", `${words} lab list | head -1; echo "\${PIPESTATUS[0]}"`], {
    encoding: "utf8",
  });
  assert.equal(stderr, "");
  assert.match(stdout, /^H-starttls .*\n0\n$/);
});

test("--json prints one object for every subcommand and every failure", async () => {
  using desk = new Desk();
  await using impostor = await serve(stripped);
  const configuration = desk.configuration('[accounts.x]\nserver = "smtp://x"\nfoo = 1\n');
  const environment = { ...configuration, HOME: desk.folder };
  for (const argv of [
    ["send", ...to(impostor, desk), ...message],
    ["verify", ...to(impostor, desk)],
    ["verify", "--nonsense"],
    ["nonsense"],
    ["sendmail", "-bs"],
    ["account", "add"],
    ["account"],
    ["config", "check"],
    ["import", "/nonexistent"],
    ["import", desk.file("msmtprc", "account a\nhost mail.example.com\nfrom a@example.com\n")],
    ["lab", "list"],
    ["lab", "explain", "A1-removed"],
    ["lab", "explain", "nonsense"],
    ["lab", "run", "--vector", "^A1-removed$", "--loopback", "--", "false"],
    ["lab", "nonsense"],
    ["completion", "nonsense"],
  ]) {
    const at = argv.indexOf("--");
    const words = at === -1 ? [...argv, "--json"] : argv.toSpliced(at, 0, "--json");
    const { stdout, stderr } = await postseal(words, { environment });
    assert.equal(typeof JSON.parse(stdout), "object", words.join(" "));
    assert.equal(stderr, "", words.join(" "));
  }
});
