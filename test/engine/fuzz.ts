/**
 * `npm run fuzz -- --seconds N`: the model of the pool, with fresh seeds for so long. A failure is printed with the command
 * that replays it: `--seed=S --path=P`.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { poolModel } from "./model.ts";

/** Runs by one seed: the next one begins behind them. */
const RUNS_A_SEED = 20;
/** Seconds between words. */
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
// A send that never ends leaves nothing to wait for: the process ends in the middle of a run.
process.once("exit", () => {
  if (!isOver)
    replayBy(values.path ?? String(runsOfSeed - 1), "a send did not end, or an error had no one to catch it");
});

process.stdout.write(`seed ${first}\n`);
if (values.path !== undefined) await runSeed(values.path);
else await runFor(seconds);
isOver = true;
for (const [excuse, count] of excuses)
  process.stdout.write(`${count} told wrong, as nobody could tell: the server ${excuse}\n`);
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
    // Shrinking would begin with what a failed run left behind.
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
