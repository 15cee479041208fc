/** Waits for a fact that another process brings about: asks again until it holds, and never for ever. */
import { setTimeout as pause } from "node:timers/promises";

const intervalMs = 20;

/** Resolves with the first answer of `probe` that is not undefined; rejects with what `complaint` says once `patienceMs` are over. */
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
