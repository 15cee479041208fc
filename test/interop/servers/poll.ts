/** Waits for something that another process does: asks again until it is done, with a time limit. */
import { setTimeout as pause } from "node:timers/promises";

const intervalMs = 20;

/** Resolves with the first answer of `probe` that is not undefined; rejects with `complaint` after `patienceMs`. */
export async function poll<T>(
  probe: () => Promise<T | undefined>,
  complaint: () => string,
  patienceMs = 15_000,
): Promise<T> {
  for (let waited = 0; waited < patienceMs; waited += intervalMs) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    await pause(intervalMs);
  }
  throw new Error(complaint());
}
