/** Counts round trips, commands and TLS records of every library. They are the same on every machine; latency multiplies round trips. */
import type { Contestant } from "../contestants.ts";
import type { CountRow } from "../report/results.ts";
import { count, type Counting } from "./count.ts";
import type { Rig } from "./rig.ts";

const CHUNKING: Counting["sink"] = { transport: "implicit", chunking: true, mechanism: "PLAIN" };

export async function countAll(
  rig: Rig,
  present: readonly Contestant[],
  say: (text: string) => void,
): Promise<readonly CountRow[]> {
  const rows: CountRow[] = [];
  // Ready-made messages go out like composed ones, and every connection does the same, so these are not counted.
  const distinct = present.filter(
    ({ driver, connections, isReady }) => connections === 1 && (driver !== "postseal" || !isReady),
  );
  for (const contestant of distinct) {
    const messages = Math.max(20, 5 * contestant.window);
    const counting: Counting = {
      contestant,
      sink: CHUNKING,
      letter: { recipients: 1, text: 1536 },
      count: messages,
      open: contestant.open === 1 ? 1 : messages,
      fromSource: false,
    };
    const one = await countTwice(rig, counting);
    const hundred = await countTwice(rig, { ...counting, letter: { recipients: 100, text: 1536 } });
    const startTls =
      contestant.driver === "raw"
        ? undefined
        : await countTwice(rig, { ...counting, sink: { ...CHUNKING, transport: "starttls" } });
    rows.push({
      id: contestant.id,
      name: contestant.name,
      setUpStartTls: startTls?.setUpRoundTrips,
      setUpImplicit: one.setUpRoundTrips,
      roundTrips: one.roundTrips,
      roundTripsTo100: hundred.roundTrips,
      commands: one.commands,
      records: one.records,
    });
    say(contestant.name);
  }
  return rows;
}

function countTwice(rig: Rig, counting: Counting): ReturnType<typeof count> {
  let runs = 0;
  return count(rig, counting, () => {
    runs += 1;
    return runs === 2;
  });
}
