/**
 * A test of a defence that passes without the defence tests nothing. So: in a copy of the tree, each defence is removed
 * once, and its tests have to fail. Run it when `npm test` passes; `npm run test:defences -- B2` takes some of them.
 */
import { execFile } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { makePrivateFolder } from "@postseal/lab";
import { channelDefences } from "./defences/channel.ts";
import { chunkDefences } from "./defences/chunk.ts";
import { commandDefences } from "./defences/command.ts";
import { conversationDefences } from "./defences/conversation.ts";
import type { Defence } from "./defences/defence.ts";
import { dropInDefences } from "./defences/drop-ins.ts";
import { evidenceDefences } from "./defences/evidence.ts";
import { fateDefences } from "./defences/fate.ts";
import { inFlightDefences } from "./defences/in-flight.ts";
import { inputDefences } from "./defences/input.ts";
import { machineDefences } from "./defences/machine.ts";
import { observationDefences } from "./defences/observation.ts";
import { poolDefences } from "./defences/pool.ts";
import { linkModules } from "./linked-modules.ts";

/** Milliseconds. A defence whose absence makes the tests hang has failed them too: they are ended. */
const PATIENCE = 30_000;
const source = path.resolve(import.meta.dirname, "..");
const work = makePrivateFolder("defences");
const [wanted = ""] = process.argv.slice(2);

const chosen = [
  ...channelDefences,
  ...conversationDefences,
  ...inFlightDefences,
  ...observationDefences,
  ...dropInDefences,
  ...machineDefences,
  ...inputDefences,
  ...chunkDefences,
  ...fateDefences,
  ...evidenceDefences,
  ...commandDefences,
  ...poolDefences,
].filter(({ threat, defence }) => `${threat} ${defence}`.includes(wanted));
const waiting = [...chosen];
let survived = 0;

try {
  await Promise.all(
    Array.from({ length: Math.min(2, availableParallelism()) }, (_, index) => worker(path.join(work, String(index)))),
  );
  process.stdout.write(`${chosen.length} defences removed once, ${survived} not noticed\n`);
  if (survived > 0 || chosen.length === 0) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function worker(copy: string): Promise<void> {
  copyTree(copy);
  for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
    const noticed = await isNoticed(copy, entry);
    if (!noticed) survived += 1;
    process.stdout.write(`${noticed ? "noticed " : "SURVIVED"}  ${entry.threat.padEnd(6)} ${entry.defence}\n`);
  }
}

function copyTree(copy: string): void {
  for (const entry of ["packages", "test", "docs", "package.json"]) {
    cpSync(path.join(source, entry), path.join(copy, entry), {
      recursive: true,
      filter: (from) => !/[\\/](dist|node_modules)$/.test(from),
    });
  }
  linkModules(source, copy);
}

async function isNoticed(copy: string, entry: Defence): Promise<boolean> {
  const originals = new Map<string, string>();
  try {
    for (const [name, find, replace] of entry.edits) {
      const file = path.join(copy, name.startsWith("packages/") ? "." : "packages/mailer/src", name);
      const text = readFileSync(file, "utf8");
      if (!originals.has(file)) originals.set(file, text);
      if (text.split(find).length !== 2) fail(entry, `what it removes does not stand once in ${name}`, find);
      writeFileSync(
        file,
        text.replace(find, () => replace),
      );
    }
    const { output, hung } = await run(copy, entry);
    // A copy that does not even load has not been tested.
    if (/SyntaxError|ERR_INVALID_TYPESCRIPT_SYNTAX|ERR_MODULE_NOT_FOUND|Could not find/.test(output)) {
      fail(entry, "it was not run", output);
    }
    if (!hung && !/^ℹ tests [1-9]/m.test(output)) fail(entry, "no test was run", output);
    return hung || /^ℹ (fail|cancelled) [1-9]/m.test(output);
  } finally {
    for (const [file, text] of originals) writeFileSync(file, text);
  }
}

/** One process for the one file, so that ending it ends everything. */
function run(copy: string, entry: Defence): Promise<{ readonly output: string; readonly hung: boolean }> {
  const flags = ["--conditions=@postseal/source", "--test", "--test-reporter=spec", "--test-isolation=none"];
  const names = entry.names === "" ? [] : [`--test-name-pattern=${entry.names}`];
  const options = { cwd: copy, maxBuffer: 1 << 26, timeout: PATIENCE, killSignal: "SIGKILL" } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags, ...names, entry.test], options, (error, stdout, stderr) => {
      resolve({ output: stdout + stderr, hung: error?.killed === true });
    });
  });
}

function fail(entry: Defence, what: string, evidence: string): never {
  throw new Error(`${entry.threat}, "${entry.defence}": ${what}\n${evidence}`);
}
