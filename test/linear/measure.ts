/** Compares how long a function takes for a text and for one ten times as long, on a machine that does other things too. */
import { createContext, Script } from "node:vm";

export const SHORT = 10_000;
export const LONG = 100_000;
/** Linear is 10. */
const MOST = 15;
/** Milliseconds. What takes less for the long text cannot be worse than linear in a way that the clock could show. */
const NOTHING = 3;
/** Milliseconds of the processor to measure over: its clock moves in steps of up to four. */
const ENOUGH = 40;
/** Milliseconds for all texts together. An exponential pattern never ends. */
const PATIENCE = 300_000;
const TRIES = 5;

/** A text in both lengths. */
export interface Pair {
  readonly name: string;
  readonly short: string;
  readonly long: string;
}

const looks = createContext({ look: () => undefined });
const script = new Script("look()");

/** A text for which it takes more than linear time, and how many times as long the long one takes; else `undefined`. */
export function worseThanLinear(pairs: readonly Pair[], run: (text: string) => void): string | undefined {
  let current = "";
  const suspects: Pair[] = [];
  // One look at each: most are so quick, or so plainly linear, that a closer one could not change it.
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

/** The best of five. In time of the processor: on the wall's clock a long run is interrupted, and a short one is not. */
function closely({ short, long }: Pair, run: (text: string) => void): number {
  let ratio = Infinity;
  for (let attempt = 0; attempt < TRIES && ratio > MOST; attempt += 1) {
    const most = cost(() => run(long));
    ratio = most <= NOTHING ? 0 : Math.min(ratio, most / cost(() => run(short)));
  }
  return ratio;
}

/** Runs it once with an end to patience, which reaches into a pattern that goes back for ever. */
function ends(look: () => void): boolean {
  Object.assign(looks, { look });
  try {
    script.runInContext(looks, { timeout: PATIENCE });
    return true;
  } catch (error) {
    // Not `instanceof`: the error is one of the other context.
    if (Reflect.get(Object(error), "code") === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
    throw error;
  }
}

/** Milliseconds of the processor for one run. */
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
