/** Waits until a Postfix has handed over, delivered or refused all that it has taken. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { poll } from "./poll.ts";

/** Not `deferred`: nobody waits for another try. */
const QUEUES = ["maildrop", "incoming", "active"];

/** `spool`: its queue_directory. Rejects after a minute. */
export async function emptied(spool: string, log: () => string): Promise<void> {
  await poll(
    async () =>
      (await Promise.all(QUEUES.map((queue) => hasMail(path.join(spool, queue))))).includes(true) ? undefined : true,
    () => `the queue is not empty:\n${log()}`,
    60_000,
  );
}

async function hasMail(queue: string): Promise<boolean> {
  return (await readdir(queue, { withFileTypes: true, recursive: true })).some((entry) => entry.isFile());
}
