import assert from "node:assert/strict";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { makePrivateFolder } from "@postseal/lab";
import { accountFor } from "./choice.ts";
import { configurationPaths, readConfiguration } from "./configuration-file.ts";

const folder = makePrivateFolder("configuration");
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const written = path.join(folder, name);
  writeFileSync(written, text, { mode: 0o600 });
  return written;
}

const relay = (name: string, from: string, port: number): string =>
  `[accounts.${name}]\nserver = "submission://relay.example.test:${port}"\nfrom = ${from}\n`;

const user = file(
  "user.toml",
  `default-account = "own"\n${relay("own", '["Ann@example.test"]', 1001)}${relay("both", '"@both.test"', 1002)}[aliases]\nroot = "ann@example.test"\n`,
);
const system = file(
  "system.toml",
  `default-account = "both"\ndomain = "example.test"\n${relay("both", '"@system.test"', 2002)}${relay("theirs", '["@example.test", "ann@example.test"]', 2003)}[aliases]\nroot = "x@example.test"\ncron = ["y@example.test"]\n`,
);

test("the user's accounts, aliases and default replace those of the system that have the same name", async () => {
  const configuration = await readConfiguration([user, system]);
  assert.deepEqual(
    configuration.accounts.map(({ name, server }) => [name, "url" in server ? server.url.slice(-4) : ""]),
    [
      ["own", "1001"],
      ["both", "1002"],
      ["theirs", "2003"],
    ],
  );
  assert.equal(configuration.defaultAccount, "own");
  assert.equal(configuration.domain, "example.test");
  assert.deepEqual(configuration.aliases.get("root"), ["ann@example.test"]);
  assert.deepEqual(configuration.aliases.get("cron"), ["y@example.test"]);
});

test("a sender chooses an account by its whole address, in any case, then by its domain, then the default is taken", async () => {
  const configuration = await readConfiguration([user, system]);
  const chosen = (sender?: string): string => accountFor(sender, configuration).name;
  assert.equal(chosen("ANN@EXAMPLE.TEST"), "own");
  assert.equal(chosen("bob@example.test"), "theirs");
  assert.equal(chosen("bob@both.test"), "both");
  assert.equal(chosen("bob@sub.both.test"), "own");
  assert.equal(chosen("bob@system.test"), "own");
  assert.equal(chosen(), "own");
  assert.equal(chosen(""), "own");
});

test("without a default, a single account is taken, and none of several", async () => {
  const one = await readConfiguration([file("one.toml", relay("lone", '"a@example.test"', 1))]);
  assert.equal(accountFor("x@elsewhere.test", one).name, "lone");
  const two = await readConfiguration([
    file("two.toml", relay("a", '"a@example.test"', 1) + relay("b", '"b@example.test"', 2)),
  ]);
  assert.throws(() => accountFor("x@elsewhere.test", two), /no account is for x@elsewhere\.test/);
  assert.throws(() => accountFor(undefined, two), /a message without a sender/);
});

test("a default account may be in the other file, but has to be in one", async () => {
  const other = file("other.toml", 'default-account = "theirs"\n');
  assert.equal((await readConfiguration([other, system])).defaultAccount, "theirs");
  await assert.rejects(
    readConfiguration([other]),
    /other\.toml:1: there is no account theirs\. Write \[accounts\.NAME\]/,
  );
});

test("one address in two accounts of a file is a problem: one of them would never be chosen", async () => {
  const twice = file("twice.toml", relay("a", '"A@example.test"', 1) + relay("b", '"a@Example.test"', 2));
  await assert.rejects(readConfiguration([twice]), /twice\.toml:6: a@Example\.test already chooses the account a/);
});

test("a file that others can write is not trusted", { skip: process.platform === "win32" }, async () => {
  const open = file("open.toml", relay("a", '"a@example.test"', 1));
  for (const mode of [0o620, 0o602]) {
    chmodSync(open, mode);
    await assert.rejects(readConfiguration([open]), /this file chooses where .* but others can write it\. chmod go-w/);
  }
  chmodSync(open, 0o644);
  assert.equal((await readConfiguration([open])).accounts.length, 1);
});

test("a file that is not UTF-8, or is too large for a configuration, is refused", async () => {
  const latin = path.join(folder, "latin.toml");
  writeFileSync(latin, Buffer.from([0x61, 0xe9]), { mode: 0o600 });
  await assert.rejects(readConfiguration([latin]), /not UTF-8/);
  await assert.rejects(readConfiguration([file("large.toml", "#".repeat(70_000))]), /larger than 64 KiB/);
});

test("the user's file is in XDG_CONFIG_HOME, if that is an absolute path", () => {
  assert.deepEqual(configurationPaths({ XDG_CONFIG_HOME: "/x" }), [
    "/x/postseal/config.toml",
    "/etc/postseal/config.toml",
  ]);
  for (const base of [undefined, "", "x"]) {
    const [first] = configurationPaths(base === undefined ? {} : { XDG_CONFIG_HOME: base });
    assert.equal(first, path.join(homedir(), ".config/postseal/config.toml"));
  }
});
