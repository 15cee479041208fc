/** Reads what a server has delivered to a Maildir. */
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { poll } from "./poll.ts";

/** Resolves with all messages, oldest first, once there are at least `count`; rejects after 15 seconds. */
export async function readMaildir(maildir: string, count: number, log: () => string): Promise<readonly Uint8Array[]> {
  const folder = path.join(maildir, "new");
  const names = await poll(
    async () => {
      const seen = await readdir(folder).catch(() => []);
      return seen.length >= count ? seen : undefined;
    },
    () => `there are fewer than ${count} messages in ${folder}:\n${log()}`,
  );
  const messages = await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      return { bytes: await readFile(file), written: (await stat(file)).mtimeMs };
    }),
  );
  return messages.toSorted((one, other) => one.written - other.written).map(({ bytes }) => bytes);
}
