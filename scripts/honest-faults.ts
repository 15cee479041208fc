/**
 * `npm run honest -- COMMIT`: counts the messages that an honest server leaves `unknown`, with the mailer of a commit and
 * with this one. A more truthful mailer must not leave more messages in doubt.
 */
import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import { makePrivateFolder } from "@postseal/lab";
import { linkModules } from "./linked-modules.ts";

const root = path.resolve(import.meta.dirname, "..");
const OUTCOMES = ["accepted", "deferred", "refused", "unsent", "unknown"];

const [commit] = process.argv.slice(2);
if (commit === undefined) throw new TypeError("name the commit to compare with");
const folder = makePrivateFolder("honest");
try {
  const then = countsOf(treeOf(commit, folder));
  const now = countsOf(root);
  for (const [kind, counts] of Object.entries(now)) {
    process.stdout.write(`${kind}\n`);
    for (const [name, row] of [
      [commit, then[kind] ?? {}],
      ["now", counts],
    ] as const)
      process.stdout.write(`  ${name.padEnd(10)} ${OUTCOMES.map((one) => `${one} ${row[one] ?? 0}`).join(", ")}\n`);
    if ((counts["unknown"] ?? 0) > (then[kind]?.["unknown"] ?? 0)) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Makes a tree with the commit's packages and today's tests of the engine. */
function treeOf(revision: string, tree: string): string {
  const archive = execFileSync("git", ["archive", revision, "packages", "package.json"], {
    cwd: root,
    maxBuffer: 1 << 28,
  });
  execFileSync("tar", ["-x", "-C", tree], { input: archive });
  cpSync(path.join(root, "test/engine"), path.join(tree, "test/engine"), { recursive: true });
  linkModules(root, tree);
  return tree;
}

type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

function countsOf(tree: string): Counts {
  const printed = execFileSync(process.execPath, ["--conditions=@postseal/source", "test/engine/honest.ts"], {
    cwd: tree,
    encoding: "utf8",
  });
  const counts: unknown = JSON.parse(printed);
  if (!isCounts(counts)) throw new TypeError(`${tree} printed no counts`);
  return counts;
}

/** A light check: our own program has printed it. */
function isCounts(value: unknown): value is Counts {
  return typeof value === "object" && value !== null;
}
