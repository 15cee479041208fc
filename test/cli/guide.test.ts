/** Every command of docs/guide/accounts.md and docs/guide/sendmail.md runs unchanged, and does what the guide says. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { canaries, type Impostor } from "@postseal/lab";
import { compiled } from "../compiled.ts";
import { authority, command, Desk, type Ended, postseal, serve } from "./command.ts";

const guides = { accounts: read("accounts"), sendmail: read("sendmail") };
const desk = new Desk();
const bin = path.join(desk.folder, "bin");
const home = path.join(desk.folder, "home");
let impostor: Impostor;
/** The blocks that were run. The last test fails if the guides have another. */
const run: string[] = [];

function read(name: string): string {
  return readFileSync(new URL(`../../docs/guide/${name}.md`, import.meta.url), "utf8");
}

before(async () => {
  impostor = await serve();
  for (const folder of [bin, home, path.join(desk.folder, "sbin")]) mkdirSync(folder);
  desk.file("ca.pem", authority.certificate);
  const words = [process.execPath, ...command].map((word) => `'${word}'`).join(" ");
  // From source there is no launcher: this script passes on the name of the link by which it was called.
  desk.file(
    "bin/postseal",
    `#!/bin/sh\ncase "$0" in */sendmail) set -- sendmail "$@";; esac\nexec ${words} "$@"\n`,
    0o755,
  );
  desk.file("bin/pass", `#!/bin/sh\ntest "$*" = "show mail/work" && echo ${canaries.password}\n`, 0o755);
});
after(async () => {
  await impostor[Symbol.asyncDispose]();
  desk[Symbol.dispose]();
});

/** Replaces the guide's server, user and folders by those of this test. */
function local(written: string): string {
  return written
    .replaceAll("submission://alice@mail.example.com", `submission://${canaries.username}@127.0.0.1:${impostor.port}`)
    .replaceAll("/usr/sbin/sendmail", path.join(desk.folder, "sbin/sendmail"))
    .replaceAll("/etc/postseal", path.join(home, ".config/postseal"))
    .replaceAll("/etc/mail/ca.pem", path.join(desk.folder, "ca.pem"));
}

/** The only block of a guide that contains this text. */
function block(guide: keyof typeof guides, holding: string, language = "sh"): string {
  const blocks = [...guides[guide].matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, code = ""]) => code,
  );
  const found = blocks.filter((code) => code.includes(holding));
  assert.equal(found.length, 1, `${guide}: ${holding}`);
  if (language === "sh") run.push(found[0] ?? "");
  return local(found[0] ?? "");
}

async function sh(script: string): Promise<Ended> {
  const environment = {
    ...compiled,
    PATH: `${bin}:${path.join(desk.folder, "sbin")}:/usr/bin:/bin`,
    HOME: home,
    // s-nail does not pass HOME on to its mta.
    XDG_CONFIG_HOME: path.join(home, ".config"),
    NODE_EXTRA_CA_CERTS: path.join(desk.folder, "ca.pem"),
  };
  const child = spawn("bash", ["-euo", "pipefail", "-c", script], {
    cwd: desk.folder,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  await once(child, "close");
  const [stdout, stderr] = await output;
  return { code: child.exitCode, stdout, stderr };
}

async function succeeds(script: string): Promise<Ended> {
  const ended = await sh(script);
  assert.equal(ended.code, 0, ended.stderr);
  assert.ok(!`${ended.stdout}${ended.stderr}`.includes(canaries.password));
  return ended;
}

const configuration = (toml: string): void => {
  mkdirSync(path.join(home, ".config/postseal"), { recursive: true });
  desk.file("home/.config/postseal/config.toml", local(toml));
};
const last = (): (typeof impostor.transcript.messages)[number] | undefined => impostor.transcript.messages.at(-1);
const windows = { skip: process.platform === "win32" };

test("accounts: a script makes an account that sends", windows, async () => {
  const added = await succeeds(block("accounts", "account add --address"));
  assert.match(added.stdout, /^written .*config\.toml: \[accounts\.work\]$/m);
  await succeeds(block("accounts", "postseal send"));
  assert.equal(last()?.reversePath, "alice@example.com");
  assert.match((await succeeds(block("accounts", "--require-pq"))).stdout, /post-quantum/);
});

test(
  "accounts: without a terminal the first command says which options to give, and the questions in the guide are the real ones",
  windows,
  async () => {
    const bare = guides.accounts.match(/^```sh\n(postseal account add\n)```$/m)?.[1] ?? "";
    run.push(bare);
    const { code, stderr } = await sh(bare);
    assert.equal(code, 64);
    assert.match(stderr, /there is no terminal to ask on: give --address/);
    const sources = ["questions.ts", "server-question.ts", "secret-question.ts", "attempts.ts"]
      .map((file) => readFileSync(new URL(`../../packages/cli/src/setup/${file}`, import.meta.url), "utf8"))
      .join("");
    const shown = /^```\n(Your address[\s\S]*?)^sealed/m.exec(guides.accounts)?.[1] ?? "";
    for (const line of [
      "Your address",
      "A name for the account",
      "Is this your server?",
      "User name (",
      "The password is never written",
      "program, or file",
      "The program and its arguments",
      "Logging in",
    ]) {
      assert.ok(shown.includes(line) && sources.includes(line), line);
    }
  },
);

test("accounts: the guide's file has no problems and explains every key of an account", windows, async () => {
  configuration(block("accounts", "[accounts.work]", "toml"));
  assert.match(
    (await succeeds(block("accounts", "postseal config check"))).stdout,
    /nothing wrong; accounts: work, relay$/m,
  );
  const module: unknown = await import(new URL("../../packages/cli/src/account/account.ts", import.meta.url).href);
  const keys: unknown = typeof module === "object" && module !== null ? Reflect.get(module, "accountKeys") : undefined;
  assert.ok(Array.isArray(keys) && keys.length > 20);
  for (const key of keys) assert.match(guides.accounts, new RegExp(`\`${String(key)}\\b`), String(key));
});

test("accounts: the problems in the guide are what is printed", windows, async () => {
  configuration('[accounts.a]\nserver = "submission://relay.example.com"\n\n\npasword-command = ["x"]\ntls = false\n');
  const { code, stdout } = await sh("postseal config check");
  assert.equal(code, 78);
  assert.ok(guides.accounts.includes(stdout.replaceAll(path.join(home, ".config"), "/home/alice/.config")), stdout);
});

test("accounts: an import prints what the guide shows, and --write makes an account that works", windows, async () => {
  configuration("");
  const wiki = readFileSync(new URL("../../test/cli/import/wiki.msmtprc", import.meta.url), "utf8");
  desk.file("home/.msmtprc", wiki);
  const imported = await succeeds(block("accounts", "postseal import ~/.msmtprc"));
  const shown = /^```\n(\.msmtprc:5:[\s\S]*?)^```$/m.exec(guides.accounts)?.[1] ?? "";
  const printed = imported.stderr
    .replaceAll(`${home}/`, "")
    .split("\n")
    .filter((line) => !line.includes("left out"));
  assert.equal(shown, printed.join("\n"));
  const options = {
    host: "127.0.0.1",
    port: impostor.port,
    requireTLS: true,
    auth: { user: canaries.username, pass: canaries.password },
  };
  desk.file("mail.json", JSON.stringify(options));
  assert.match((await succeeds(block("accounts", "--write"))).stdout, /^login +SCRAM/m);
});

test(
  "sendmail: a link is the whole installation, and the guide's configuration delivers a mail to root",
  windows,
  async () => {
    await succeeds(block("sendmail", "ln -s"));
    const first = block("sendmail", "domain = ", "toml");
    configuration(first);
    desk.file("home/.config/postseal/server.password", canaries.password);
    assert.match((await succeeds("postseal config check")).stdout, /nothing wrong/);
    await succeeds(block("sendmail", "echo 'Disk full'"));
    assert.equal(last()?.reversePath, "server@example.com");
    assert.deepEqual(last()?.forwardPaths, ["admin@example.com"]);
    await succeeds("echo x | sendmail alice disks");
    assert.deepEqual(last()?.forwardPaths, ["alice@example.com", "admin@example.com", "bob@example.org"]);
    const [, sender, , , alias] = block("sendmail", 'sender = "always"', "toml").split("\n");
    configuration(first.replace("[aliases]", `${sender}\n[aliases]\n${alias}`));
    await succeeds("echo x | sendmail -f root@other.lan root@box.lan");
    assert.equal(last()?.reversePath, "server@example.com");
    assert.deepEqual(last()?.forwardPaths, ["admin@example.com"]);
    configuration(first);
  },
);

test("sendmail: a message from a file is sent to the recipients in its header", windows, async () => {
  desk.file("message.eml", "From: server@example.com\nTo: bob@example.org\nBcc: c@example.org\nSubject: x\n\nx\n");
  await succeeds(block("sendmail", "< message.eml"));
  assert.deepEqual(last()?.forwardPaths, ["bob@example.org", "c@example.org"]);
});

test("sendmail: the script for PHP turns 75 into a failure", windows, async () => {
  const script = desk.file("or-fail", block("sendmail", "exit 69"));
  chmodSync(script, 0o755);
  desk.file("bin/fails", "#!/bin/sh\nexit 75\n", 0o755);
  assert.equal((await sh(`${script} -t < message.eml`)).code, 0);
  assert.equal((await sh(`sed s/^sendmail/fails/ ${script} > or-fail-2; sh or-fail-2 -t < message.eml`)).code, 69);
});

test(
  "sendmail: git send-email delivers with the guide's setting",
  { skip: !has("git") || spawnSync("git", ["send-email", "--help"]).status !== 0 },
  async () => {
    await succeeds(block("sendmail", "git config"));
    const repository =
      "git init -q r; cd r; git config user.name N; git config user.email n@example.com; echo a > a; git add a; git commit -qm first";
    await succeeds(`${repository}; git send-email --to=list@example.org --confirm=never --suppress-cc=all -1`);
    assert.deepEqual(last()?.forwardPaths, ["list@example.org"]);
    assert.match(last()?.body ?? "", /^Subject: \[PATCH\] first\r$/m);
  },
);

test("sendmail: s-nail delivers with the guide's options", { skip: !has("s-nail") }, async () => {
  await succeeds(block("sendmail", "s-nail"));
  assert.deepEqual(last()?.forwardPaths, ["bob@example.org"]);
});

test("sendmail: the exit codes are those of its help", async () => {
  const { stdout } = await postseal(["sendmail", "--help"]);
  const codes = [...stdout.matchAll(/^ {2}(\d+) +(.*)$/gm)].map(([, code, meaning]) => [code, meaning]);
  const shown = [...guides.sendmail.matchAll(/^\| (\d+) +\| (.*?) *\|$/gm)].map(([, code, meaning]) => [code, meaning]);
  assert.ok(codes.length > 10);
  assert.deepEqual(shown, codes);
});

test("no command of the guides was left out", windows, () => {
  const all = Object.values(guides).flatMap((guide) =>
    [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code),
  );
  const skipped = (code: string): boolean =>
    (code.includes("git config") && !run.includes(code)) || (code.includes("s-nail") && !has("s-nail"));
  assert.deepEqual(
    all.filter((code) => !run.includes(code) && !skipped(code)),
    [],
  );
  assert.ok(existsSync(home));
});

function has(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
}
