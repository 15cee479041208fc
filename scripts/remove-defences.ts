/**
 * A test of a defence that passes without the defence tests nothing. So: in a copy of the tree, each defence is removed
 * once, and its tests have to fail; with all of them in place the same tests have to pass.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Defence, defences } from "./defences.ts";

/** A defence whose absence makes a test hang has failed it too. */
const PATIENCE = 20_000;
const source = path.resolve(import.meta.dirname, "..");
const copy = mkdtempSync(path.join(tmpdir(), "postseal-defences-"));
const wanted = process.argv[2];

try {
  copyTree();
  let survived = 0;
  const chosen = defences.filter(({ threat, defence }) => wanted === undefined || `${threat} ${defence}`.includes(wanted));
  for (const entry of chosen) {
    const whole = await run(entry);
    if (!/^ℹ pass [1-9]/m.test(whole.output) || !whole.passed) fail(entry, "its tests do not pass with the defence in place", whole.output);
    const broken = await without(entry);
    const noticed = !broken.passed && /^ℹ (fail|cancelled) [1-9]/m.test(broken.output);
    if (!noticed) survived += 1;
    process.stdout.write(`${noticed ? "noticed " : "SURVIVED"}  ${entry.threat.padEnd(6)} ${entry.defence}\n`);
  }
  process.stdout.write(`${chosen.length} defences removed once, ${survived} not noticed\n`);
  if (survived > 0 || chosen.length === 0) process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Everything but what is installed, which is linked; our own packages are the copy's. */
function copyTree(): void {
  for (const entry of ["packages", "test", "docs", "examples", "package.json"]) {
    cpSync(path.join(source, entry), path.join(copy, entry), {
      recursive: true,
      filter: (from) => !/[\\/](dist|node_modules)$/.test(from),
    });
  }
  const modules = path.join(copy, "node_modules");
  mkdirSync(path.join(modules, "@postseal"), { recursive: true });
  for (const name of readdirSync(path.join(source, "node_modules"))) {
    if (name !== "@postseal" && name !== "postseal") symlinkSync(path.join(source, "node_modules", name), path.join(modules, name));
  }
  symlinkSync(path.join(copy, "packages", "mailer"), path.join(modules, "@postseal", "mailer"));
}

async function without(entry: Defence): Promise<{ passed: boolean; output: string }> {
  const originals = new Map<string, string>();
  for (const [name, find, replace] of entry.edits) {
    const file = path.join(copy, "packages/mailer/src", name);
    const text = readFileSync(file, "utf8");
    if (!originals.has(file)) originals.set(file, text);
    if (text.split(find).length !== 2) fail(entry, `what it removes does not stand once in ${name}`, find);
    writeFileSync(file, text.replace(find, () => replace));
  }
  try {
    return await run(entry);
  } finally {
    for (const [file, text] of originals) writeFileSync(file, text);
  }
}

function run(entry: Defence): Promise<{ passed: boolean; output: string }> {
  const flags = ["--conditions=@postseal/source", "--test", "--test-reporter=spec", `--test-timeout=${PATIENCE}`];
  const names = entry.names === "" ? [] : [`--test-name-pattern=${entry.names}`];
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags, ...names, entry.test], { cwd: copy, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ passed: error === null, output: stdout + stderr });
    });
  });
}

function fail(entry: Defence, what: string, evidence: string): never {
  throw new Error(`${entry.threat}, "${entry.defence}": ${what}\n${evidence}`);
}
