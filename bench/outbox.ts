/**
 * `npm run bench:outbox`: what durability costs. In turns, in one process, from source: queueing beside bare inserts of the same
 * octets into SQLite, and sending a queue beside the mailer alone and beside Nodemailer's pool, which keep nothing. It prints the
 * median ratio of neighbouring rounds. The machine's disk decides the first table: the temporary folder has to be on it.
 */
import path from "node:path";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { DatabaseSync } from "node:sqlite";
import { createOutbox, type Outbox } from "@postseal/outbox";
import type { Driver, Endpoint } from "./client/driver.ts";
import { createWriter, type Letter, readyMade } from "./client/letter.ts";
import { openNodemailer } from "./client/nodemailer.ts";
import { openPostseal } from "./client/postseal.ts";
import { median } from "./report/statistics.ts";
import { formatTable } from "./report/table.ts";
import { fastSink, Rig } from "./rig/rig.ts";

const ROUNDS = 7;
const SINGLES = 300;
const FIFTIES = 40;
/** For sending: the connections and the window of all contestants, and what is sent in a round. */
const POOL = { connections: 2, window: 8 };
const write = createWriter({ recipients: 1, text: 1536 });

type Timed = () => Promise<number>;

await using rig = await Rig.create();
await using sink = await rig.startSink(fastSink);
// So many that opening the connections does not count: a drain opens its own.
const tables = [await queueing(), await sending("over loopback", sink.endpoint, 6_000, 400)];
tables.push(await sending("20 ms away", await rig.delayed(sink.endpoint, 20), 2_000, 40));
process.stdout.write(tables.join("\n"));

async function queueing(): Promise<string> {
  const bare = new DatabaseSync(path.join(rig.folder, "bare.db"));
  bare.exec("pragma journal_mode = wal; pragma synchronous = full; create table message (octets blob not null) strict");
  const insert = bare.prepare("insert into message values (?)");
  const octets = readyMade(write(0));
  await using outbox = await outboxFor("queueing.db", sink.endpoint);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const rows = [
    await compare("one by one", SINGLES, [
      timed(SINGLES, async () => void insert.run(octets)),
      timed(SINGLES, async (index) => void (await outbox.enqueue(messageOf(write(index))))),
    ]),
    await compare("fifty at once", 50 * FIFTIES, [
      timed(FIFTIES, async () => {
        bare.exec("begin immediate");
        for (let at = 0; at < 50; at += 1) insert.run(octets);
        bare.exec("commit");
      }),
      timed(FIFTIES, async (index) => {
        delay.enable();
        await Promise.all(Array.from({ length: 50 }, () => outbox.enqueue(messageOf(write(index)))));
        delay.disable();
      }),
    ]),
  ];
  bare.close();
  const late = `While fifty at a time are queued, the event loop is late by ${(delay.percentile(99) / 1e6).toFixed(1)} ms at p99.`;
  return `${formatTable([["queued", "bare inserts a second", "outbox", "ratio"], ...rows])}\n${late}\n`;
}

/** `count` messages in a round, and `few` for Nodemailer, which is slower. */
async function sending(where: string, endpoint: Endpoint, count: number, few: number): Promise<string> {
  const habits = { ...POOL, isReady: false };
  const [mailer, nodemailer] = [
    await openPostseal(endpoint, write, habits),
    await openNodemailer(endpoint, write, { ...habits, connections: 5 }),
  ];
  await using outbox = await outboxFor(`${endpoint.port}.db`, endpoint);
  const drained = async (): Promise<number> => {
    await Promise.all(Array.from({ length: count }, (_, index) => outbox.enqueue(messageOf(write(index)))));
    const began = performance.now();
    const { states } = await outbox.drain();
    if (states.waiting > 0) throw new Error(`${states.waiting} messages were not sent`);
    return performance.now() - began;
  };
  const rows = [
    await compare(`the mailer, ${POOL.connections} connections, window ${POOL.window}`, count, [
      () => sent(mailer, count),
      drained,
    ]),
    await compare("Nodemailer, pool of 5", count, [async () => ((await sent(nodemailer, few)) * count) / few, drained]),
  ];
  await mailer.close();
  await nodemailer.close();
  return formatTable([[`sent, ${where}`, "without durability, a second", "outbox", "ratio"], ...rows]);
}

function outboxFor(name: string, { host, port, transport, username, password, ca }: Endpoint): Promise<Outbox> {
  const server = { host, port, transport };
  // The clients beside it do not replace their connections either.
  const pool = { ...POOL, messagesPerConnection: 1_000_000 };
  const account = { server, credentials: { username, password }, tls: { ca: { only: ca } }, pool };
  return createOutbox(`sqlite:${path.join(rig.folder, name)}`, { accounts: { default: account } });
}

function messageOf({ from, to, subject, text }: Letter): {
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
} {
  return { from, to, subject, text };
}

function timed(times: number, act: (index: number) => Promise<void>): Timed {
  return async () => {
    const began = performance.now();
    for (let index = 0; index < times; index += 1) await act(index);
    return performance.now() - began;
  };
}

async function sent(driver: Driver, count: number): Promise<number> {
  const began = performance.now();
  await driver.run(count, 4 * POOL.connections * POOL.window);
  return performance.now() - began;
}

/** The ratio is that of the rates: over 1 if the outbox is faster. The first round warms up and is not counted. */
async function compare(name: string, count: number, [other, own]: readonly [Timed, Timed]): Promise<string[]> {
  const rounds: (readonly [number, number])[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const pair = [await other(), await own()] as const;
    if (round > 0) rounds.push(pair);
  }
  const rate = (times: readonly number[]): string => Math.round((count * 1_000) / median(times)).toLocaleString("en");
  return [
    name,
    rate(rounds.map(([milliseconds]) => milliseconds)),
    rate(rounds.map(([, milliseconds]) => milliseconds)),
    median(rounds.map(([without, withIt]) => without / withIt)).toFixed(2),
  ];
}
