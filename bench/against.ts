/**
 * `npm run bench:against -- COMMIT [NAME]`: compares this mailer with that of a commit, in one process, in turns, from
 * source; only in the cases whose names contain NAME. It prints the median round of each, and the median ratio of
 * neighbouring rounds, which a machine of changing speed disturbs least. Memory is what a message that waits keeps, in octets of
 * heap, once garbage is collected.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createMailer } from "@postseal/mailer";
import type { Driver } from "./client/driver.ts";
import { createWriter, type LetterPlan } from "./client/letter.ts";
import { openPostseal } from "./client/postseal.ts";
import { median } from "./report/statistics.ts";
import { formatTable } from "./report/table.ts";
import { fastSink, Rig } from "./rig/rig.ts";

const ROUNDS = 15;
/** Messages before the first round that counts: until then the compiler is still at work, and the side with more code would pay for that. */
const WARM_UP = 5_000;
const root = path.resolve(import.meta.dirname, "..");

interface Case {
  readonly name: string;
  readonly letter: LetterPlan;
  readonly isReady: boolean;
  /** Messages in a round, and how many of them are open at once. */
  readonly count: number;
  readonly open: number;
  /** Default 15. */
  readonly rounds?: number;
}

const small: LetterPlan = { recipients: 1, text: 1536 };
const cases: readonly Case[] = [
  { name: "2 KB, each awaited", letter: small, isReady: false, count: 1_500, open: 1 },
  { name: "2 KB, 64 at once", letter: small, isReady: false, count: 10_000, open: 64 },
  { name: "2 KB, 100,000 queued at once", letter: small, isReady: false, count: 100_000, open: 100_000, rounds: 5 },
  {
    name: "100 KB with an attachment, each awaited",
    letter: { ...small, attachment: 72 * 1024 },
    isReady: false,
    count: 600,
    open: 1,
  },
  {
    name: "100 KB of text, each awaited",
    letter: { recipients: 1, text: 100 * 1024 },
    isReady: false,
    count: 600,
    open: 1,
  },
  {
    name: "100 KB ready-made, each awaited",
    letter: { recipients: 1, text: 100 * 1024 },
    isReady: true,
    count: 600,
    open: 1,
  },
];

const [commit, only = ""] = process.argv.slice(2);
if (commit === undefined) throw new TypeError("name the commit to measure against");

await using rig = await Rig.create();
const other = await mailerOf(commit, path.join(rig.folder, "other"));
await using sink = await rig.startSink(fastSink);
const rows = [["milliseconds a round", commit, "now", "ratio", "CPU", "octets a message that waits"]];
for (const one of cases.filter(({ name }) => name.includes(only))) rows.push(await compare(one));
process.stdout.write(formatTable(rows));

/** Loads a revision's mailer from source, with the packages that are installed here. */
async function mailerOf(revision: string, folder: string): Promise<typeof createMailer> {
  mkdirSync(folder);
  const archive = execFileSync("git", ["archive", revision, "packages/mailer"], { cwd: root, maxBuffer: 1 << 28 });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  const module: unknown = await import(pathToFileURL(path.join(folder, "packages/mailer/src/index.ts")).href);
  const create: unknown = Reflect.get(Object(module), "createMailer");
  if (!isCreate(create)) throw new TypeError(`${revision} has no createMailer`);
  return create;
}

function isCreate(value: unknown): value is typeof createMailer {
  return typeof value === "function";
}

async function compare({ name, letter, isReady, count, open, rounds: most = ROUNDS }: Case): Promise<string[]> {
  const habits = { connections: 1, window: 64, isReady };
  const write = createWriter(letter);
  const [old, now] = [
    await openPostseal(sink.endpoint, write, habits, other),
    await openPostseal(sink.endpoint, write, habits),
  ];
  const rounds: { readonly old: Effort; readonly now: Effort }[] = [];
  for (let round = -Math.ceil(WARM_UP / count); round < most; round += 1) {
    const measured = (driver: Driver): Promise<Effort> => measure(driver, count, open);
    // The second may pay for what the first has left to collect, so each comes first in every other round.
    const effort =
      round % 2 === 0
        ? { old: await measured(old), now: await measured(now) }
        : { now: await measured(now), old: await measured(old) };
    if (round >= 0) rounds.push(effort);
  }
  const memory = open < count ? "" : `${await kept(old, count, open)}, ${await kept(now, count, open)}`;
  await old.close();
  await now.close();
  return [
    name,
    median(rounds.map((one) => one.old.milliseconds)).toFixed(1),
    median(rounds.map((one) => one.now.milliseconds)).toFixed(1),
    median(rounds.map((one) => one.now.milliseconds / one.old.milliseconds)).toFixed(3),
    median(rounds.map((one) => one.now.cpu / one.old.cpu)).toFixed(3),
    memory,
  ];
}

interface Effort {
  readonly milliseconds: number;
  readonly cpu: number;
}

async function measure(driver: Driver, count: number, open: number): Promise<Effort> {
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  await driver.run(count, open);
  const milliseconds = performance.now() - before;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { milliseconds, cpu: user + system };
}

/** What each of the messages that wait keeps: `run` gives all of them to the mailer before it returns. */
async function kept(driver: Driver, count: number, open: number): Promise<number> {
  const before = collected();
  const running = driver.run(count, open);
  const octets = collected() - before;
  await running;
  return Math.round(octets / count);
}

/** Octets of heap that are in use. */
function collected(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
  return process.memoryUsage().heapUsed;
}
