/** What the guide to signing in shows is accepted: its account, its commands as far as no issuer is asked, and its units. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Desk, postseal } from "../cli/command.ts";
import { blocksIn, ProgramFolder } from "./program-folder.ts";

const GUIDE = "docs/guide/oauth.md";
const has = (program: string): boolean => spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined;

test("the account of the guide has nothing wrong", async () => {
  using desk = new Desk();
  const blocks = blocksIn(GUIDE, "toml");
  assert.equal(blocks.length, 1);
  const environment = desk.configuration(blocks[0] ?? "");
  const { code, stdout } = await postseal(["config", "check"], { environment });
  assert.equal(code, 0, stdout);
});

test("every key of the table oauth is explained, and every option of the guide exists", async () => {
  using desk = new Desk();
  const page = readFileSync(GUIDE, "utf8");
  const server = 'server = "submission://a%40example.test@mail.example.test"';
  const environment = desk.configuration(`[accounts.a]\n${server}\noauth = { unknown = 1 }\n`);
  const { stdout } = await postseal(["config", "check"], { environment });
  const keys = /The keys here are: ([a-z, -]+)/.exec(stdout)?.[1]?.split(", ") ?? [];
  assert.ok(keys.length > 10, stdout);
  for (const key of keys) assert.match(page, new RegExp(`^\\|.*\`${key}(?: = .*)?\`.*\\|.*\\|$`, "m"), key);
  const pages = await Promise.all(
    [
      ["account", "add"],
      ["account", "sign-in"],
      ["config", "check"],
    ].map(async (words) => {
      const help = await postseal([...words, "--help"]);
      return help.stdout;
    }),
  );
  const options = blocksIn(GUIDE, "sh").flatMap((block) =>
    block.split("\n").flatMap((line) => (/systemctl/.test(line) ? [] : [...line.matchAll(/ (--[a-z-]+)/g)])),
  );
  assert.ok(options.length > 10);
  for (const [, option = ""] of options)
    assert.ok(
      pages.some((help) => help.includes(option)),
      option,
    );
});

test("systemd finds no fault in the units", { skip: !has("systemd-analyze") }, () => {
  using folder = new ProgramFolder();
  const [service = "", timer = "", ...others] = blocksIn(GUIDE, "ini");
  assert.equal(others.length, 0);
  // What the reader has to provide is not there.
  const here = service.replace("ExecStart=postseal", "ExecStart=/bin/true").replace(/^OnFailure=.*\n/m, "");
  folder.write("postseal-sign-in.service", here);
  const file = folder.write("postseal-sign-in.timer", timer);
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", file], { encoding: "utf8" });
  const about = stderr.split("\n").filter((line) => line.includes("postseal-sign-in"));
  assert.deepEqual([status, about], [0, []]);
});
