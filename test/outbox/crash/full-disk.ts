/**
 * Fills a real disk while a worker marks or settles, and frees it again. The argument is a folder on a small disk of its own. Prints the
 * figures of each moment as JSON.
 */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createOutbox, type Outbox } from "@postseal/outbox";
import { startWorker, stopped } from "./child.ts";
import { compare, type Figures, noFigures } from "./figures.ts";
import type { Plan, Point } from "./points.ts";
import { drainAll, queue } from "./run.ts";
import { oneRecipient, parts, type Scenario } from "./scenarios.ts";
import { type CountingServer, startCountingServer } from "./server.ts";

export interface FullDisk extends Figures {
  readonly moment: string;
  /** Messages of which the server had taken something while the disk was full. */
  readonly takenWhileFull: number;
  /** Of those, how many had no mark for it. */
  readonly unmarked: number;
}

interface Moment {
  readonly name: string;
  readonly scenario: Scenario;
  /** The worker stops at the first, and then the disk becomes full. It stops again at the last, and then there is room again. */
  readonly points: readonly [Point, ...Point[]];
  /** The worker does not live to see the room. */
  readonly killed: boolean;
}

const MESSAGES = 20;
const SILENCE = 60_000;

const moments: readonly Moment[] = [
  {
    name: "at the mark",
    scenario: oneRecipient,
    points: ["before the mark", "mark failed", "settle failed"],
    killed: false,
  },
  {
    name: "at the mark of the next part",
    scenario: parts,
    points: ["before the next part's mark", "mark failed", "settle failed"],
    killed: false,
  },
  { name: "at the settle", scenario: oneRecipient, points: ["reply heard", "settle failed"], killed: false },
  {
    name: "at the settle of a worker that is killed then",
    scenario: oneRecipient,
    points: ["reply heard", "settle failed"],
    killed: true,
  },
];

async function figuresOf({ name, scenario, points, killed }: Moment, disk: string): Promise<FullDisk> {
  await using server = await startCountingServer({ limits: scenario.limits, refuse: scenario.refusals() });
  const folder = path.join(disk, "outbox");
  mkdirSync(folder, { mode: 0o700 });
  const location = `sqlite:${path.join(folder, "mail.db")}`;
  const { account } = server;
  const outbox = await createOutbox(location, { accounts: { default: account } });
  await queue(outbox, scenario.recipients, 0, MESSAGES);
  const child = startWorker({ location, account, silence: SILENCE, plans: points.map(stopAt) });
  for (const [at] of points.entries()) {
    await stopped(child);
    const isLast = at === points.length - 1;
    if (at === 0) fill(disk);
    if (!isLast) child.process.kill("SIGCONT");
  }
  const full = await whileFull(outbox, server, scenario);
  if (killed) {
    child.process.kill("SIGKILL");
    await child.ended;
  }
  free(disk);
  if (killed) await drainAll(outbox);
  else {
    child.process.kill("SIGCONT");
    await finish(outbox);
    child.process.kill("SIGKILL");
    await child.ended;
  }
  const figures = { ...noFigures(), messages: MESSAGES };
  await compare(outbox, server, new Set(), figures);
  await outbox.close();
  rmSync(folder, { recursive: true });
  return { moment: name, ...full, ...figures };
}

function stopAt(point: Point): Plan {
  return { point, time: 1, signal: "SIGSTOP" };
}

/** The first part of a message is marked as the message; the next ones cannot be, since the disk became full before. */
async function whileFull(
  outbox: Outbox,
  server: CountingServer,
  { atOnce }: Scenario,
): Promise<Pick<FullDisk, "takenWhileFull" | "unmarked">> {
  let [takenWhileFull, unmarked] = [0, 0];
  for (const { state, messageId = "", recipients } of await outbox.list({ limit: MESSAGES })) {
    const taken = recipients.filter(({ address }) => server.times(messageId, address) > 0).length;
    if (taken > 0) takenWhileFull += 1;
    if (taken > atOnce || (taken > 0 && (state === "waiting" || state === "leased"))) unmarked += 1;
  }
  return { takenWhileFull, unmarked };
}

/** Waits until the worker has sent everything; what was deferred is made due. */
async function finish(outbox: Outbox): Promise<void> {
  for (;;) {
    const { waiting, leased, marked } = (await outbox.stats()).states;
    if (waiting + leased + marked === 0) return;
    if (leased + marked === 0) await outbox.retry({ state: "waiting" });
    await delay(50);
  }
}

/** Takes all room, to the last octet. */
function fill(disk: string): void {
  const file = openSync(path.join(disk, "ballast"), "w");
  try {
    for (;;) writeSync(file, Buffer.alloc(4_096));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    closeSync(file);
  }
}

function free(disk: string): void {
  rmSync(path.join(disk, "ballast"));
}

const [, , disk = ""] = process.argv;
const all: FullDisk[] = [];
for (const moment of moments) all.push(await figuresOf(moment, disk));
process.stdout.write(JSON.stringify(all));
