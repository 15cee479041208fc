/** Worker processes that end with the test, and what became of the messages in the end. */
import type { TestContext } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { AccountOptions, Outbox } from "@postseal/outbox";
import { startWorker } from "./crash/child.ts";

/** Milliseconds. Few tests wait so long: no worker is taken for dead. */
const SILENCE = 60_000;

interface Work {
  readonly location: string;
  readonly account: AccountOptions;
  readonly silence?: number;
}

export function startWorkers(t: TestContext, count: number, work: Work): Promise<void> {
  return startShifted(
    t,
    Array.from({ length: count }, () => 0),
    work,
  );
}

/** One for each wall clock, which is wrong by so many milliseconds. */
export async function startShifted(
  t: TestContext,
  shifts: readonly number[],
  { location, account, silence = SILENCE }: Work,
): Promise<void> {
  const workers = shifts.map((shift) => startWorker({ location, account, silence, plans: [] }, { shift }));
  t.after(async () => {
    for (const { process } of workers) process.kill("SIGKILL");
    await Promise.all(workers.map(({ ended }) => ended));
  });
  await Promise.all(workers.map(({ working }) => working));
}

/** Waits until nothing is to be sent any more; only the test's own deadline limits it. */
export async function settled(outbox: Outbox): Promise<void> {
  for (;;) {
    const { states } = await outbox.stats();
    if (states.waiting + states.leased + states.marked === 0) return;
    await setTimeout(20);
  }
}

/** Waits until somebody has to resume the account, and no worker has a message any more. */
export async function locked(outbox: Outbox): Promise<void> {
  for (;;) {
    const { accounts, states } = await outbox.stats();
    if (accounts.some((account) => account.locked) && states.leased + states.marked === 0) return;
    await setTimeout(20);
  }
}

/** Waits until the account has failed so often in a row. */
export async function failed(outbox: Outbox, times: number): Promise<void> {
  for (;;) {
    const { accounts } = await outbox.stats();
    if (accounts.some(({ failures }) => failures >= times)) return;
    await setTimeout(20);
  }
}

/** Waits until each of the workers has shown so often that it lives. */
export async function lived(outbox: Outbox, times: number): Promise<void> {
  const seen = new Map<string, Set<number>>();
  for (;;) {
    for (const { worker, seen: at } of (await outbox.stats()).workers)
      seen.set(worker, (seen.get(worker) ?? new Set()).add(at));
    if ([...seen.values()].every(({ size }) => size > times)) return;
    await setTimeout(20);
  }
}

/** How many messages ended in which way: their state, and how often the server took them. */
export async function endings(outbox: Outbox, taken: ReadonlyMap<string, number>): Promise<Record<string, number>> {
  const ways: Record<string, number> = {};
  for (const { state, attempts, messageId = "" } of await outbox.list({ limit: 1_000 })) {
    const way = `${state}, taken ${taken.get(messageId) ?? 0}, attempts ${attempts}`;
    ways[way] = (ways[way] ?? 0) + 1;
  }
  return ways;
}
