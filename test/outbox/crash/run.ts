/** Kills workers again and again, and compares what the outbox says of each recipient with how often a server took the message. */
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import path from "node:path";
import { makePrivateFolder } from "@postseal/lab";
import { createOutbox, type Outbox } from "@postseal/outbox";
import { startWorker } from "./child.ts";
import { compare, type Figures, noFigures } from "./figures.ts";
import type { Plan } from "./points.ts";
import type { Scenario } from "./scenarios.ts";
import { startCountingServer } from "./server.ts";

export interface RunOptions {
  readonly scenario: Scenario;
  readonly kills: number;
  /** Kills at a random time, instead of the named points one after the other. */
  readonly random: boolean;
  readonly messagesForEach: number;
  readonly log: (line: string) => void;
}

/** Milliseconds in which a random kill comes, once the worker works. */
const LONGEST = 400;
const SILENCE = 60_000;

export async function killWorkers({ scenario, kills, random, messagesForEach, log }: RunOptions): Promise<Figures> {
  const { limits, refusals, recipients, isSecondAttempt } = scenario;
  await using server = await startCountingServer({ limits, refuse: refusals() });
  const folder = makePrivateFolder("outbox-crash");
  const location = `sqlite:${path.join(folder, "mail.db")}`;
  const { account } = server;
  const outbox = await createOutbox(location, { accounts: { default: account } });
  const figures = noFigures();
  const accepted = new Set<string>();
  try {
    for (let round = 0; round < kills; round++) {
      await queue(outbox, recipients, figures.messages, messagesForEach);
      figures.messages += messagesForEach;
      if (isSecondAttempt) for (const name of await attempt(outbox, messagesForEach)) accepted.add(name);
      const plan = random ? undefined : planOf(scenario, round, messagesForEach);
      const child = startWorker({ location, account, silence: SILENCE, plans: plan === undefined ? [] : [plan] });
      await child.working;
      if (random) {
        await delay(Math.random() * LONGEST);
        child.process.kill("SIGKILL");
      }
      await child.ended;
      figures.kills += 1;
      log(`${round + 1}: ${plan === undefined ? "at random" : `${plan.point}, time ${plan.time}`}`);
      // A connection that a worker left counts as a failure of the account, and would make it rest.
      await outbox.resume();
    }
    await drainAll(outbox);
    await compare(outbox, server, accepted, figures);
    return figures;
  } finally {
    await outbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each point at another time, so that some of a flight are settled and some are not. */
function planOf({ points }: Scenario, round: number, messages: number): Plan {
  const point = points[round % points.length] ?? "claim committed";
  const time = point === "claim committed" ? 1 : 1 + ((round * 5) % Math.max(1, messages - 8));
  return { point, time, signal: "SIGKILL" };
}

export async function queue(
  outbox: Outbox,
  recipients: readonly string[],
  first: number,
  count: number,
): Promise<void> {
  const letter = { from: "a@example.org", text: "x".repeat(2_000) };
  await Promise.all(
    Array.from({ length: count }, (_, at) =>
      outbox.enqueue(
        { ...letter, to: recipients.map((recipient) => `${recipient}-${first + at}@example.net`) },
        {
          onUnknown: at % 4 === 0 ? "redeliver" : "hold",
          tags: [at % 4 === 0 ? "again" : "once"],
        },
      ),
    ),
  );
}

/** Sends what waits, and makes due what was deferred. Returns the recipients who were accepted then, of the messages that wait. */
async function attempt(outbox: Outbox, count: number): Promise<readonly string[]> {
  await outbox.drain();
  const waiting = await outbox.list({ state: "waiting", limit: 2 * count });
  const isMixed = waiting.every(({ recipients }) =>
    ["accepted", "deferred"].every((wanted) => recipients.some(({ outcome }) => outcome === wanted)),
  );
  if (waiting.length !== count || !isMixed) throw new Error("a first attempt did not defer some and accept others");
  await outbox.retry({ state: "waiting" });
  return waiting.flatMap(({ messageId, recipients }) =>
    recipients.filter(({ outcome }) => outcome === "accepted").map(({ address }) => `${messageId} ${address}`),
  );
}

/** A redelivery has its time, so everything that waits is made due. */
export async function drainAll(outbox: Outbox): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    const { states } = await outbox.drain();
    if (states.waiting === 0) return;
    await outbox.resume();
    await outbox.retry({ state: "waiting" });
  }
}
