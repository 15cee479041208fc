/** Compares how long a function takes for a text and for one ten times as long, even on a busy machine. */
import { createContext, Script } from "node:vm";

export const SHORT = 4_000;
export const LONG = 40_000;
/** The highest ratio allowed: linear is 10, and some more where the long text does not fit into a cache; quadratic is 100. */
const MOST = 30;
/** Milliseconds. Below this for the long text, the clock could not show that it is worse than linear. */
const NOTHING = 3;
/** Milliseconds of CPU time to measure over: the CPU clock moves in steps of up to four. */
const ENOUGH = 40;
/** Milliseconds for all texts together, because an exponential pattern never ends. */
const PATIENCE = 300_000;
const TRIES = 5;

/** A text in two lengths. */
export interface Pair {
  readonly name: string;
  readonly short: string;
  readonly long: string;
}

const looks = createContext({ look: () => undefined });
const script = new Script("look()");

/** Names a text that takes more than linear time, with the ratio of both times; `undefined` if there is none. */
export function worseThanLinear(pairs: readonly Pair[], run: (text: string) => void): string | undefined {
  let current = "";
  const suspects: Pair[] = [];
  // One quick measurement each: most texts are so fast, or so plainly linear, that a closer one could not change the verdict.
  const look = (): void => {
    for (const pair of pairs) {
      current = pair.name;
      const long = elapsed(() => run(pair.long));
      if (long > NOTHING && long > MOST * elapsed(() => run(pair.short))) suspects.push(pair);
    }
  };
  if (!ends(look)) return `${current}: no end within ${PATIENCE} ms`;
  for (const pair of suspects) {
    const ratio = closely(pair, run);
    if (ratio > MOST) return `${pair.name}: ${Math.round(ratio)} times as long`;
  }
  return undefined;
}

/** The best of five, in CPU time: by the wall clock, a long run is interrupted and a short one is not. */
function closely({ short, long }: Pair, run: (text: string) => void): number {
  let ratio = Infinity;
  for (let attempt = 0; attempt < TRIES && ratio > MOST; attempt += 1) {
    const most = cost(() => run(long));
    ratio = most <= NOTHING ? 0 : Math.min(ratio, most / cost(() => run(short)));
  }
  return ratio;
}

/** Runs it once with a time limit, which also stops a pattern that backtracks for ever. False if the limit was hit. */
function ends(look: () => void): boolean {
  Object.assign(looks, { look });
  try {
    script.runInContext(looks, { timeout: PATIENCE });
    return true;
  } catch (error) {
    // Not `instanceof`: the error is from the other context.
    if (Reflect.get(Object(error), "code") === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
    throw error;
  }
}

/** Milliseconds of CPU time for one run. */
function cost(run: () => void): number {
  const begin = process.threadCpuUsage();
  for (let runs = 1; ; runs += 1) {
    run();
    const { user, system } = process.threadCpuUsage(begin);
    if (user + system >= ENOUGH * 1000) return (user + system) / 1000 / runs;
  }
}

function elapsed(run: () => void): number {
  const begin = performance.now();
  run();
  return performance.now() - begin;
}
