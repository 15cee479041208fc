/**
 * `npm run bench:outbox-scale`: what a full queue costs. It prints how long a claim takes in a queue of a million beside one of
 * four thousand, what 200,000 messages to one domain in trouble do to the others, and what two processes queue beside one. It takes
 * about a minute on a quiet machine, and 1 GB of the temporary folder.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { openSqlite } from "../sqlite/sqlite-store.ts";
import type { Claim, Store } from "../store/operations.ts";
import { claim, makeFolder, message, settlement } from "./engines.ts";

const FEW = 4_000;
const MILLION = 1_000_000;
const BLOCKED = 200_000;
/** Claims that are timed, and the messages in each. */
const TURNS = 60;
const MOST = 32;
/** Messages that are queued in one transaction. */
const BATCH = 500;
const FAR = 1e12;
const ROUNDS = 7;
/** Transactions of fifty that each process writes in a round. */
const WRITES = 60;
const FIFTY = 50;

/** In a process of its own: says that it is ready, then writes at each order. */
async function write(file: string): Promise<void> {
  const store = await openSqlite({ file });
  process.on("message", (order) => {
    if (order === "write") void writeOnce(store).then(() => process.send?.("written"));
    else void store.close().then(() => process.disconnect());
  });
  process.send?.("ready");
}

async function writeOnce(store: Store): Promise<void> {
  for (let turn = 0; turn < WRITES; turn += 1) await fill(store, FIFTY, "example.net");
}

async function fill(store: Store, count: number, domain: string): Promise<void> {
  const prefix = `${process.pid}-${performance.now()}`;
  for (let from = 0; from < count; from += BATCH) {
    const few = Math.min(BATCH, count - from);
    await Promise.all(
      Array.from({ length: few }, (_, at) => {
        const id = `${prefix}-${from + at}`;
        return store.call("enqueue", message({ id, parts: [[`bob@${domain}`]], expires: FAR }));
      }),
    );
  }
}

async function timed<T>(act: () => Promise<T>): Promise<readonly [number, T]> {
  const began = performance.now();
  const result = await act();
  return [performance.now() - began, result];
}

async function settleAll(store: Store, claims: readonly Claim[]): Promise<void> {
  await Promise.all(claims.map((one) => store.call("settle", settlement(one, "finish"))));
}

async function timedClaim(store: Store): Promise<number> {
  const [time, claims] = await timed(() => claim(store, { now: 10, most: MOST, worker: "worker-1" }));
  if (claims.length !== MOST) throw new Error(`${claims.length} messages were given out, not ${MOST}`);
  await settleAll(store, claims);
  return time;
}

/** In turns, so that both meet the same machine. */
async function sideBySide(one: Store, other: Store): Promise<readonly [number, number]> {
  const times: (readonly [number, number])[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) times.push([await timedClaim(one), await timedClaim(other)]);
  return [median(times.map(([time]) => time)), median(times.map(([, time]) => time))];
}

async function aMillion(folder: string): Promise<void> {
  await using few = await queueOf(folder, "few", FEW);
  await using many = await queueOf(folder, "many", MILLION);
  const [small, large] = await sideBySide(few, many);
  say(
    `A claim of ${MOST} among ${FEW} takes ${ms(small)}, among ${MILLION} ${ms(large)}: ${(large / small).toFixed(2)}.`,
  );
}

async function aBlockedDomain(folder: string): Promise<void> {
  await using clean = await queueOf(folder, "clean", FEW);
  await using blocked = await queueOf(folder, "blocked", BLOCKED, "slow.example");
  await fill(blocked, FEW, "example.net");
  for (let count = 0; count < 5; count += 1) {
    const [first] = await claim(blocked, { now: 10, most: 1 });
    if (first === undefined) throw new Error("nothing is due");
    const stage = { code: 451, enhanced: "4.7.1", text: "later", stage: "recipient" } as const;
    const recipients = first.recipients.map((address) => ({ address, outcome: "deferred", ...stage }) as const);
    await blocked.call("settle", settlement(first, "defer", { recipients, due: FAR / 2, now: 10 }));
  }
  const times: number[] = [];
  let claims: readonly Claim[] = [];
  while (claims.length === 0) {
    const [time, given] = await timed(() => claim(blocked, { now: 10, most: MOST }));
    times.push(time);
    claims = given;
  }
  await settleAll(blocked, claims);
  const [whole, longest] = [times.reduce((sum, time) => sum + time, 0), Math.max(...times)];
  const [without, withIt] = await sideBySide(clean, blocked);
  say(
    `${BLOCKED} messages to a domain in trouble are set aside once, in ${ms(whole)} and ${times.length} claims, the longest of which ` +
      `takes ${ms(longest)}. After that a claim takes ${ms(withIt)}, and ${ms(without)} in a queue without them: ${(withIt / without).toFixed(2)}.`,
  );
}

async function twoProcesses(folder: string): Promise<void> {
  const file = path.join(folder, "shared.db");
  const writers = [1, 2].map(() => fork(fileURLToPath(import.meta.url), [file], { execArgv: process.execArgv }));
  await Promise.all(writers.map((writer) => once(writer, "message")));
  const both: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const [alone] = await timed(() => written(writers.slice(0, 1)));
    const [together] = await timed(() => written(writers));
    both.push((2 * alone) / together);
  }
  for (const writer of writers) writer.send("end");
  await Promise.all(writers.map((writer) => once(writer, "exit")));
  say(`Two processes that queue fifty at a time write ${median(both).toFixed(2)} times what one writes alone.`);
}

async function written(writers: readonly ReturnType<typeof fork>[]): Promise<void> {
  await Promise.all(
    writers.map(async (writer) => {
      writer.send("write");
      await once(writer, "message");
    }),
  );
}

async function queueOf(
  folder: string,
  name: string,
  count: number,
  domain = "example.net",
): Promise<Store & AsyncDisposable> {
  const store = await openSqlite({ file: path.join(folder, `${name}.db`) });
  await fill(store, count, domain);
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function ms(milliseconds: number): string {
  return milliseconds < 10 ? `${milliseconds.toFixed(2)} ms` : `${Math.round(milliseconds)} ms`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function measure(): Promise<void> {
  const folder = makeFolder();
  try {
    await twoProcesses(folder);
    await aBlockedDomain(folder);
    await aMillion(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [, , file] = process.argv;
await (file === undefined ? measure() : write(file));
