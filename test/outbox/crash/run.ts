/** Kills workers again and again, and compares what the outbox says of each message with how often a server took it. */
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import path from "node:path";
import { makePrivateFolder } from "@postseal/lab";
import { createOutbox, type Outbox } from "@postseal/outbox";
import { startTestServer } from "@postseal/testing";
import { startWorker } from "./child.ts";
import { type Plan, type Point, points } from "./points.ts";

export interface Figures {
  kills: number;
  messages: number;
  /** The outbox says that it was accepted, and the server did not take it. */
  lost: number;
  /** Taken more than once, although nobody said that it may be. */
  doubled: number;
  /** Taken more than once, by `redeliver`. */
  redelivered: number;
  /** Neither done nor in doubt at the end. */
  left: number;
  unknown: number;
  /** Of those in doubt, how many the server took. */
  unknownTaken: number;
}

export interface RunOptions {
  readonly kills: number;
  /** Kills at a random time, instead of the named points one after the other. */
  readonly random: boolean;
  readonly messagesForEach: number;
  readonly log: (line: string) => void;
}

/** Milliseconds in which a random kill comes, once the worker works. */
const LONGEST = 400;
/** Each message is answered a little later, so that there is something between handing over and answer. */
const LONGEST_ANSWER = 8;
const SILENCE = 60_000;

export async function killWorkers({ kills, random, messagesForEach, log }: RunOptions): Promise<Figures> {
  const taken = new Map<string, number>();
  await using server = await startTestServer({
    receive: async ({ octets }) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of octets) pieces.push(piece);
      const [, id = ""] = /^Message-ID: (<[^>]+>)/im.exec(Buffer.concat(pieces).toString("latin1")) ?? [];
      taken.set(id, (taken.get(id) ?? 0) + 1);
      await delay(Math.random() * LONGEST_ANSWER);
    },
  });
  const folder = makePrivateFolder("outbox-crash");
  const location = `sqlite:${path.join(folder, "mail.db")}`;
  const account = { server: server.url, tls: server.tls };
  const outbox = await createOutbox(location, { accounts: { default: account } });
  const figures: Figures = {
    kills: 0,
    messages: 0,
    lost: 0,
    doubled: 0,
    redelivered: 0,
    left: 0,
    unknown: 0,
    unknownTaken: 0,
  };
  try {
    for (let round = 0; round < kills; round++) {
      await queue(outbox, messagesForEach);
      figures.messages += messagesForEach;
      const plan = random ? undefined : planOf(round, messagesForEach);
      const child = startWorker({ location, account, silence: SILENCE, plan });
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
    await compare(outbox, taken, figures);
    return figures;
  } finally {
    await outbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Each point at first, third, … time, so that some of a flight are settled and some are not. */
function planOf(round: number, messages: number): Plan {
  const point: Point = points[round % points.length] ?? "claim committed";
  const turn = Math.floor(round / points.length);
  const time = point === "claim committed" ? 1 : 1 + ((turn * 5) % Math.max(1, messages - 8));
  return { point, time, signal: "SIGKILL" };
}

async function queue(outbox: Outbox, count: number): Promise<void> {
  const letter = { from: "a@example.org", to: "b@example.net", text: "x".repeat(2_000) };
  await Promise.all(
    Array.from({ length: count }, (_, at) =>
      outbox.enqueue(letter, {
        onUnknown: at % 4 === 0 ? "redeliver" : "hold",
        tags: [at % 4 === 0 ? "again" : "once"],
      }),
    ),
  );
}

/** A redelivery has its time, so everything that waits is made due. */
async function drainAll(outbox: Outbox): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    const { states } = await outbox.drain();
    if (states.waiting === 0) return;
    await outbox.resume();
    await outbox.retry({ state: "waiting" });
  }
}

async function compare(outbox: Outbox, taken: ReadonlyMap<string, number>, figures: Figures): Promise<void> {
  const { states } = await outbox.stats();
  const all = await outbox.list({ limit: figures.messages });
  if (all.length !== figures.messages)
    throw new Error(`${all.length} of ${figures.messages} messages are in the outbox`);
  for (const { state, messageId = "", tags, recipients } of all) {
    const times = taken.get(messageId) ?? 0;
    const isUnknown = recipients.some(({ outcome }) => outcome === "unknown");
    if (state === "done" && times === 0) figures.lost += 1;
    if (times > 1) figures[tags.includes("again") ? "redelivered" : "doubled"] += 1;
    if (state === "held" && isUnknown) {
      figures.unknown += 1;
      if (times > 0) figures.unknownTaken += 1;
    } else if (state !== "done") figures.left += 1;
  }
  if (states.leased + states.marked > 0) throw new Error("a dead worker still has messages");
}
