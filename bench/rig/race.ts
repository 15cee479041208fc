/** Runs one scenario: all clients start first, and then take turns for many rounds, so that a slow minute affects all. */
import type { Effort } from "../client/client.ts";
import type { Endpoint } from "../client/driver.ts";
import type { LetterPlan } from "../client/letter.ts";
import { type Contestant, YARDSTICK } from "../contestants.ts";
import type { Scenario } from "../scenarios.ts";
import type { Row } from "../report/results.ts";
import { median, spreadOf } from "../report/statistics.ts";
import type { Rig, Sink } from "./rig.ts";
import { isNothing, isRecordWith, type Worker } from "./worker.ts";

export interface RaceOptions {
  readonly rounds: number;
  /** Seconds that one batch should take. */
  readonly batch: number;
  readonly say: (text: string) => void;
}

export async function race(
  rig: Rig,
  sink: Sink,
  scenario: Scenario,
  contestants: readonly Contestant[],
  options: RaceOptions,
): Promise<readonly Row[]> {
  const endpoint = await rig.delayed(sink.endpoint, scenario.roundTrip);
  const letter = scenario.letter(scenario.id === "25mb" ? rig.film() : "");
  const runners: Runner[] = [];
  for (const contestant of contestants.filter(({ id }) => !scenario.without.includes(id))) {
    const runner = await Runner.open(rig, sink, contestant, endpoint, letter);
    await runner.calibrate(options.batch);
    runners.push(runner);
    options.say(`${contestant.name}: ${runner.count} messages a batch`);
  }
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const runner of runners) await runner.run();
    options.say(`round ${round} of ${options.rounds}`);
  }
  const yardstick = runners.find(({ contestant }) => contestant.id === YARDSTICK);
  if (yardstick === undefined) throw new Error("there is no yardstick to compare with");
  const rows = runners.map((runner) => rowOf(runner, yardstick));
  for (const runner of runners) await runner.stop();
  return rows;
}

/** The fewest messages in a batch. */
const FEWEST = 2;

interface Lap extends Effort {
  readonly sinkBusy: number;
  readonly sinkIdle: number;
}

class Runner {
  readonly contestant: Contestant;
  readonly laps: Lap[] = [];
  count: number;
  readonly #sink: Sink;
  readonly #client: Worker;

  private constructor(contestant: Contestant, sink: Sink, client: Worker) {
    this.contestant = contestant;
    this.count = Math.max(FEWEST, contestant.open);
    this.#sink = sink;
    this.#client = client;
  }

  static async open(
    rig: Rig,
    sink: Sink,
    contestant: Contestant,
    endpoint: Endpoint,
    letter: LetterPlan,
  ): Promise<Runner> {
    const client = rig.startClient(false);
    await client.ask("open", { contestant, endpoint, letter }, isNothing);
    return new Runner(contestant, sink, client);
  }

  /** Finds how many messages fill a batch, and warms up the code. It takes three steps, because some clients also pay for each batch. */
  async calibrate(seconds: number): Promise<void> {
    for (let steps = 0; steps < 3;) {
      const { seconds: taken } = await this.#batch();
      if (taken > seconds / 2) steps += 1;
      this.count = Math.max(FEWEST, Math.round(this.count * Math.min(4, seconds / taken)));
    }
  }

  async run(): Promise<void> {
    this.laps.push(await this.#batch());
  }

  async stop(): Promise<void> {
    await this.#client.ask("close", undefined, isNothing);
    await this.#client.stop();
  }

  async #batch(): Promise<Lap> {
    const { name, driver, open, connections } = this.contestant;
    // Reopens idle connections before the clock starts. curl makes a new one in every batch.
    if (driver !== "curl") await this.#order(connections);
    await this.#sink.reset();
    const effort = await this.#order(this.count, open);
    const tally = await this.#sink.tally();
    if (tally.messages !== this.count) throw new Error(`${name}: ${tally.messages} messages came, not ${this.count}`);
    return { ...effort, sinkBusy: tally.cpu / effort.seconds, sinkIdle: tally.idle };
  }

  #order(count: number, open: number = count): Promise<Effort> {
    return this.#client.ask("run", { count, open }, isEffort);
  }
}

function rowOf(runner: Runner, yardstick: Runner): Row {
  const { contestant, laps, count } = runner;
  const rate = (one: Runner, lap: Lap): number => one.count / lap.seconds;
  const cpu = (one: Runner, lap: Lap): number => lap.cpu / one.count;
  const against = (of: (one: Runner, lap: Lap) => number): readonly number[] =>
    laps.flatMap((lap, round) => {
      const other = yardstick.laps[round];
      return other === undefined ? [] : [of(runner, lap) / of(yardstick, other)];
    });
  return {
    id: contestant.id,
    name: contestant.name,
    messages: count,
    rate: median(laps.map((lap) => rate(runner, lap))),
    rateRatio: spreadOf(against(rate)),
    cpu: median(laps.map((lap) => cpu(runner, lap))),
    cpuRatio: spreadOf(against(cpu)),
    peak: Math.max(...laps.map(({ peak }) => peak)),
    sinkBusy: median(laps.map(({ sinkBusy }) => sinkBusy)),
    sinkIdle: median(laps.map(({ sinkIdle }) => sinkIdle)),
  };
}

const isEffort: (value: unknown) => value is Effort = isRecordWith<Effort>("seconds");
