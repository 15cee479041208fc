/**
 * `npm run fuzz -- --seconds N`: runs the model of the pool with fresh seeds for N seconds. A failure is printed with the
 * command that replays it: `--seed=S --path=P`.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { poolModel } from "./model.ts";

/** Runs for each seed, so the next seed is this much higher. */
const RUNS_A_SEED = 20;
/** Seconds between lines of progress. */
const PROGRESS = 10;

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, seed: { type: "string" }, path: { type: "string" } },
});
const seconds = numberOf("--seconds", values.seconds);
const first = values.seed === undefined ? Math.trunc(Math.random() * 2 ** 31) : numberOf("--seed", values.seed);

let seed = first;
let [runs, runsOfSeed] = [0, 0];
const excuses = new Map<string, number>();
let isOver = false;
// If a send never ends, Node has nothing to wait for, and the process exits in the middle of a run.
process.once("exit", () => {
  if (!isOver) replayBy(values.path ?? String(runsOfSeed - 1), "a send did not end, or nothing caught an error");
});

process.stdout.write(`seed ${first}\n`);
if (values.path !== undefined) await runSeed(values.path);
else await runFor(seconds);
isOver = true;
for (const [excuse, count] of excuses)
  process.stdout.write(`${count} wrong outcomes that nobody could notice: the server ${excuse}\n`);
process.stdout.write(`${runs} runs, ${process.exitCode === 1 ? "failed" : "no failure"}\n`);

async function runFor(limit: number): Promise<void> {
  const start = performance.now();
  for (let word = PROGRESS; await runSeed(); seed += 1) {
    const passed = (performance.now() - start) / 1000;
    if (passed >= limit) return;
    if (passed < word) continue;
    word = passed + PROGRESS;
    process.stdout.write(`${runs} runs in ${Math.round(passed)} s, seed ${seed}\n`);
  }
}

/** Whether it held. */
async function runSeed(path?: string): Promise<boolean> {
  runsOfSeed = 0;
  const details = await fc.check(
    poolModel(
      () => {
        runs += 1;
        runsOfSeed += 1;
      },
      (excuse) => excuses.set(excuse, (excuses.get(excuse) ?? 0) + 1),
    ),
    // No shrinking: it would start from the state that a failed run left.
    { seed, numRuns: RUNS_A_SEED, endOnFailure: true, ...(path === undefined ? {} : { path }) },
  );
  if (!details.failed) return true;
  const cause = details.errorInstance;
  process.stderr.write(`${fc.stringify(details.counterexample)}\n`);
  replayBy(details.counterexamplePath ?? "", cause instanceof Error ? (cause.stack ?? cause.message) : String(cause));
  return false;
}

function replayBy(path: string, cause: string): void {
  process.exitCode = 1;
  process.stderr.write(`${cause}\n\nnpm run fuzz -- --seed=${seed} --path=${path}\n`);
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number)) return number;
  throw new TypeError(`${name} takes a number, not "${text}"`);
}
