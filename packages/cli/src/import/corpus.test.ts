/** The corpus of files to import, written after real ones: each with its accounts, and with what is said of its lines. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { canaries } from "@postseal/lab";
import { parseConfiguration } from "../account/configuration.ts";
import { CommandError } from "../command-error.ts";
import { formatDraft } from "../account/draft-toml.ts";
import { readContent } from "./content.ts";
import { formatFinding } from "./draft.ts";

const folder = fileURLToPath(new URL("../../test/cli/import/corpus/", import.meta.resolve("postseal/package.json")));
const corpus = globSync("**/*.*", { cwd: folder })
  .concat(globSync("**/{remotes,muttrc,mailrc,esmtprc,gitconfig}", { cwd: folder }))
  .filter((file) => !file.endsWith(".expected"))
  .map((file) => file.replaceAll("\\", "/"))
  .toSorted();

/** What the command prints, in its order, and whose secrets it would move. */
function imported(file: string): string {
  try {
    return accepted(file);
  } catch (error) {
    if (error instanceof CommandError) return `refused: ${error.message}\n`;
    throw error;
  }
}

function accepted(file: string): string {
  const octets = readFileSync(path.join(folder, file));
  const name = path.basename(file);
  const draft = readContent(name, { octets, mode: 0o600 }, "imported");
  const toml = formatDraft(draft, `From ${name}, by postseal import`);
  const { problems } = parseConfiguration(toml, "/home/alice/.config/postseal/config.toml");
  const lines = [
    ...draft.findings.map((finding) => formatFinding(name, finding)),
    ...problems.map(({ what, remedy }) => `to do: ${what}. ${remedy}`),
  ];
  assert.ok(
    draft.accounts.every(({ secret }) => secret === undefined || secret.includes("quartz")),
    "another secret",
  );
  const secrets = draft.accounts.filter(({ secret }) => secret !== undefined).map((account) => account.name);
  return `${lines.map((line) => `${line}\n`).join("")}---\n${toml}---\nsecrets of: ${secrets.join(", ") || "none"}\n`;
}

suite("the corpus is imported as expected", () => {
  for (const file of corpus) {
    test(file, () => {
      const printed = imported(file);
      assert.doesNotMatch(printed.replaceAll(/^esmtprc|/gm, ""), new RegExp(canaries.password));
      assert.equal(printed, readFileSync(path.join(folder, `${file}.expected`), "utf8"));
    });
  }
});

test("the corpus has files of every shape", () => {
  assert.ok(corpus.length >= 40);
});
