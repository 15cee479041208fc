/** Counts round trips, commands and TLS records, which do not depend on the machine. */
import type { LetterPlan } from "../client/letter.ts";
import type { Effort } from "../client/client.ts";
import type { Contestant } from "../contestants.ts";
import type { ConnectionTally } from "../sink/setup.ts";
import type { Rig, Sink, SinkChoice } from "./rig.ts";
import { isNothing, isRecordWith } from "./worker.ts";

export interface Counting {
  readonly contestant: Contestant;
  readonly sink: Omit<SinkChoice, "withholds">;
  readonly letter: LetterPlan;
  readonly count: number;
  /** How many sends the caller keeps open. If it equals `count`, all are started at once. */
  readonly open: number;
  readonly fromSource: boolean;
}

/** Averages for each message; `setUpRoundTrips` for each connection. */
export interface Counts {
  readonly setUpRoundTrips: number;
  readonly roundTrips: number;
  readonly commands: number;
  readonly records: number;
}

/**
 * The least of several runs, which stop as soon as `isEnough`. If the machine holds a client up for 4 ms in the middle of a
 * write, it looks as if it waited, which adds a round trip. Nothing can take one away.
 */
export async function count(rig: Rig, counting: Counting, isEnough: (least: Counts) => boolean): Promise<Counts> {
  await using sink = await rig.startSink({ ...counting.sink, withholds: true });
  let least = await countOnce(rig, sink, counting);
  for (let run = 2; run <= MOST_RUNS && !isEnough(least); run += 1) {
    const next = await countOnce(rig, sink, counting);
    least = {
      setUpRoundTrips: Math.min(least.setUpRoundTrips, next.setUpRoundTrips),
      roundTrips: Math.min(least.roundTrips, next.roundTrips),
      commands: Math.min(least.commands, next.commands),
      records: Math.min(least.records, next.records),
    };
  }
  return least;
}

const MOST_RUNS = 4;

async function countOnce(
  rig: Rig,
  sink: Sink,
  { contestant, letter, count: messages, open, fromSource }: Counting,
): Promise<Counts> {
  const client = rig.startClient(fromSource);
  await sink.reset();
  await client.ask("open", { contestant, endpoint: sink.endpoint, letter }, isNothing);
  await client.ask("run", { count: messages, open }, isEffort);
  const tally = await sink.tally();
  await client.ask("close", undefined, isNothing);
  await client.stop();
  if (tally.messages !== messages)
    throw new Error(`${contestant.name}: ${tally.messages} messages came, not ${messages}`);
  const used = tally.connections.filter((connection) => connection.messages > 0);
  const share = (of: (connection: ConnectionTally) => number): number =>
    used.reduce((sum, connection) => sum + of(connection), 0) / messages;
  return {
    setUpRoundTrips: Math.max(...used.map(({ setUpRoundTrips }) => setUpRoundTrips)),
    roundTrips: share(({ roundTrips }) => roundTrips),
    commands: share(({ commands }) => commands),
    records: share(({ records }) => records),
  };
}

const isEffort: (value: unknown) => value is Effort = isRecordWith<Effort>("seconds");
