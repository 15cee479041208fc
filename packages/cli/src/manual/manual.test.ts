import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseWords } from "../sendmail/words.ts";
import { register } from "../register.ts";
import { sendmailLetters } from "../sendmail/subcommand.ts";
import { commandsOf, pageOf, pagesOf } from "./commands.ts";
import { formatHelp } from "./help.ts";
import { formatMan } from "./man.ts";

const pages = await pagesOf(register);
const commands = await commandsOf(register);

const file = new URL("../../postseal.1", import.meta.url);
const has = (program: string): boolean => spawnSync(program, { stdio: "ignore" }).error === undefined;

for (const page of pages) {
  test(`the help of ${page.call} has its examples first, and stays within the terminal`, () => {
    const lines = formatHelp(page).split("\n");
    assert.equal(lines[2], `  ${page.examples[0]}`);
    for (const line of lines) assert.ok(line.length <= 80, line);
    // Examples are not wrapped, so that they can be copied.
    const bare = { ...page, examples: [], sections: page.sections.map((section) => ({ ...section, sample: [] })) };
    for (const columns of [50, 40, 20]) {
      const narrow = formatHelp(bare, columns).split("\n");
      for (const line of narrow) assert.ok(line.length <= columns || !line.trim().includes(" "), line);
    }
  });
}

test("on a narrow terminal a meaning stands below its term, with room for words", () => {
  for (const columns of [40, 20]) {
    const lines = pages.flatMap((page) => formatHelp({ ...page, examples: [] }, columns).split("\n"));
    assert.ok(lines.includes("  --subject TEXT"));
    assert.ok(lines.includes("    the subject"));
    const deepest = lines.filter((line) => /^ {17,}\S/.test(line));
    assert.deepEqual(deepest, []);
  }
});

test("every option of every subcommand is in its help and in the manual page", () => {
  const man = formatMan(pages);
  for (const { words, options } of commands) {
    const page = pages.find(({ call }) => `${call} `.startsWith(`postseal ${words[0]} `));
    assert.ok(page !== undefined, words.join(" "));
    for (const name of Object.keys(options)) {
      assert.ok(formatHelp(page).includes(`  --${name}`), `${words.join(" ")} --${name}`);
      assert.ok(man.includes(`.B \\-\\-${name.replaceAll("-", "\\-")}`), name);
    }
  }
});

test("the help of one member of a group has its own options, and those alone", async () => {
  const shared = register.filter((entry) => "members" in entry && entry.page !== undefined);
  assert.deepEqual(
    shared.map(({ word }) => word),
    ["outbox", "lab"],
  );
  for (const group of shared)
    for (const member of "members" in group ? group.members : []) {
      const help = formatHelp(await pageOf(group, member));
      const { options } = await member.load();
      assert.deepEqual(
        Array.from(help.matchAll(/^ {2}--([a-z-]+)/gm), ([, name]) => name),
        Object.keys(options),
      );
      assert.match(help, new RegExp(`^postseal ${group.word} ${member.word}\\b`));
      assert.match(help, new RegExp(`postseal ${group.word} --help has the rest`));
      for (const line of help.split("\n")) assert.ok(line.length <= 80, line);
    }
  const [outbox = assert.fail(), lab = assert.fail()] = shared;
  const enqueue = "members" in outbox ? outbox.members[0] : undefined;
  assert.deepEqual((await pageOf(outbox, enqueue)).examples, (await pageOf(outbox)).examples.slice(0, 2));
  const helpOf = async (word: string): Promise<string> =>
    formatHelp(await pageOf(lab, "members" in lab ? lab.members.find((member) => member.word === word) : undefined));
  assert.match(await helpOf("run"), /^ {2}\{message\} +a file with the message/m);
  assert.match(await helpOf("proxy"), /^ {2}strip-and-tempt +STARTTLS removed/m);
  assert.doesNotMatch(await helpOf("matrix"), /\{message\}|strip-and-tempt/);
});

test("sendmail accepts every letter that its page lists", () => {
  const values: Readonly<Record<string, string>> = { WHEN: "never", WHAT: "hdrs" };
  for (const [term] of sendmailLetters) {
    const [option = "", value] = (term.split(", ")[0] ?? "").split(" ");
    parseWords(value === undefined ? [option] : [option, values[value] ?? value]);
  }
});

test("postseal.1 is what `npm run docs:man` writes", () => {
  assert.equal(readFileSync(file, "utf8"), formatMan(pages));
});

test("mandoc finds no fault in postseal.1", { skip: !has("mandoc") }, () => {
  const { status, stdout, stderr } = spawnSync("mandoc", ["-Tlint", file.pathname], { encoding: "utf8" });
  assert.equal(`${stdout}${stderr}`, "");
  assert.equal(status, 0);
});

test("groff formats postseal.1 without a warning", { skip: !has("groff") }, () => {
  const { stdout, stderr } = spawnSync("groff", ["-man", "-ww", "-Tutf8", file.pathname], { encoding: "utf8" });
  assert.equal(stderr, "");
  assert.match(stdout, /mail that is sealed, or not sent/);
});
