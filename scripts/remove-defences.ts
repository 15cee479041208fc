/**
 * A test of a defence that passes without the defence tests nothing. So each defence is removed once, in a copy of the tree, and its
 * test has to fail; and it has to pass with it. `npm run test:defences -- B2` takes those whose threat, sentence or marker has "B2".
 */
import { chmodSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { makePrivateFolder } from "@postseal/lab";
import { defences } from "./defences/all.ts";
import { markersOf, type Planned, planOf, sourcesIn } from "./removal/plan.ts";
import { Tree } from "./removal/tree.ts";
import { LOADING, PATIENCE, play, type Verdict } from "./removal/trial.ts";

/** Defences with one test file, which one worker removes one after the other: what they load is compiled by then. */
interface Batch {
  readonly test: string;
  readonly planned: readonly Planned[];
}

/** So that no worker is left alone with a long one. */
const MOST_IN_A_BATCH = 12;
const WORDS = { failed: "noticed ", hung: "hangs   ", passed: "SURVIVED", broken: "NOT RUN " } as const;
const [wanted = ""] = process.argv.slice(2);
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => stop.abort(new Error(signal)));

const markers = markersOf(sourcesIn(path.resolve(import.meta.dirname, "..")));
const chosen = defences
  .filter(({ threat, defence, removals }) =>
    [threat, defence, ...removals.map(({ marker }) => marker)].some((text) => text.includes(wanted)),
  )
  .map((defence) => planOf(defence, markers));
const waiting = batchesOf(chosen);
const faults: string[] = [];
const work = makePrivateFolder("defences");
// Some tests are two users of the machine, and the other one reads what is in there too.
chmodSync(work, 0o711);
try {
  // One more than there are processors: some tests wait.
  const workers = Array.from({ length: availableParallelism() + 1 }, (_, at) => worker(path.join(work, String(at))));
  // One that fails stops the others, which end before the folder goes away.
  await Promise.all(workers.map((one) => one.catch((error: unknown) => stop.abort(error))));
  stop.signal.throwIfAborted();
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  process.stdout.write(`${chosen.length} defences removed once, ${faults.length} not noticed\n`);
  if (faults.length > 0 || chosen.length === 0) process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function worker(folder: string): Promise<void> {
  const tree = new Tree(folder);
  for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) await playBatch(tree, batch);
}

/** The tests that fail have to pass with the defences: what fails anyway notices nothing. */
async function playBatch(tree: Tree, { test, planned }: Batch): Promise<void> {
  const { signal } = stop;
  // Without a pattern a row has all tests of the file.
  const trial = ({ changed, defence }: Planned, patience: number): Promise<Verdict> =>
    tree.with(changed, () =>
      play(tree, { test, names: defence.names === "" ? [] : [defence.names], patience, signal }),
    );
  const verdicts: [Planned, Verdict][] = [];
  for (const one of planned) verdicts.push([one, await trial(one, PATIENCE)]);
  const names = verdicts.flatMap(([, verdict]) => ("test" in verdict ? [patternOf(verdict.test)] : []));
  const intact: Verdict =
    names.length === 0
      ? { kind: "broken", why: "nothing failed" }
      : await tree.with(new Map(), () => play(tree, { test, names, patience: LOADING, signal }));
  for (const [one, verdict] of verdicts) {
    if (!("test" in verdict)) report(one, verdict);
    else if (intact.kind !== "passed")
      report(one, { kind: "broken", why: `its test fails with the defence too: ${intact.why}` });
    else if (verdict.kind === "hung" && 4 * intact.silence > PATIENCE)
      report(one, await trial(one, 4 * intact.silence));
    else report(one, verdict);
  }
}

function patternOf(name: string): string {
  return `${name.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)}$`;
}

function report({ defence: { threat, defence }, places }: Planned, verdict: Verdict): void {
  const line = `${WORDS[verdict.kind]}  ${threat.padEnd(6)} ${defence}`;
  process.stdout.write(`${line}\n`);
  if (verdict.kind === "failed" || verdict.kind === "hung") return;
  faults.push([line, ...places, ...(verdict.kind === "broken" ? [verdict.why] : [])].join("\n    "));
}

/** The largest first. */
function batchesOf(planned: readonly Planned[]): Batch[] {
  const tests = new Set(planned.map(({ defence }) => defence.test));
  return [...tests]
    .flatMap((test) => {
      const all = planned.filter(({ defence }) => defence.test === test);
      const parts = Math.ceil(all.length / MOST_IN_A_BATCH);
      return Array.from({ length: parts }, (_, part) => ({
        test,
        planned: all.filter((__, at) => at % parts === part),
      }));
    })
    .toSorted((a, b) => b.planned.length - a.planned.length);
}
