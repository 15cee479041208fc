/** The options of `npm run bench`. */
import { parseArgs } from "node:util";
import { type Scenario, scenarios } from "./scenarios.ts";

export interface Options {
  readonly scenarios: readonly Scenario[];
  readonly withCold: boolean;
  readonly withCounts: boolean;
  readonly rounds: number;
  /** Seconds that one batch takes. */
  readonly batch: number;
  readonly builds: boolean;
  readonly writes: boolean;
}

const NAMES: readonly string[] = [...scenarios.map(({ id }) => id), "cold", "counts"];

export const help: string = `npm run bench -- [options]

  --scenario NAME   run only this one; repeat it for several: ${NAMES.join(", ")}
  --rounds N        how many turns each client gets (default 7)
  --quick           3 rounds of short batches, to see that it works
  --no-build        use the code as it was last compiled
  --write           fill the tables of docs/benchmarks.md, and write bench/results.json and .svg;
                    otherwise both go to build/bench
`;

/** Returns a string if the words are wrong: the reason. An empty string means that help was asked for. */
export function parseOptions(words: readonly string[]): Options | string {
  const values = valuesOf(words);
  if (typeof values === "string") return values;
  const { help: wantsHelp = false, scenario: chosen = [], quick = false, write: writes = false } = values;
  if (wantsHelp) return "";
  const stranger = chosen.find((name) => !NAMES.includes(name));
  if (stranger !== undefined) return `there is no scenario ${stranger}: use one of ${NAMES.join(", ")}`;
  if (writes && (quick || chosen.length > 0))
    return "--write needs a whole run, without --quick and --scenario: the page compares results of one time";
  const rounds = Number(values.rounds ?? (quick ? 3 : 7));
  if (!Number.isInteger(rounds) || rounds < 1) return "--rounds takes a whole number, at least 1";
  const has = (name: string): boolean => chosen.length === 0 || chosen.includes(name);
  return {
    scenarios: scenarios.filter(({ id }) => has(id)),
    withCold: has("cold"),
    withCounts: has("counts"),
    rounds,
    batch: quick ? 0.2 : 0.8,
    builds: values["no-build"] !== true,
    writes,
  };
}

const OPTIONS = {
  scenario: { type: "string", multiple: true },
  rounds: { type: "string" },
  quick: { type: "boolean" },
  "no-build": { type: "boolean" },
  write: { type: "boolean" },
  help: { type: "boolean" },
} as const;

function valuesOf(
  words: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"] | string {
  try {
    return parseArgs({ args: [...words], options: OPTIONS }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
