/** The caller's last word before a message is handed over: an outbox writes down that it is about to be, or says no. */
import { AbortedError } from "../errors/aborted-error.ts";

/** Called for each attempt, and awaited. If it throws or rejects, the message is not handed over. */
export type BeforeHandover = () => void | Promise<void>;

/**
 * Calls it at once. Resolves when the message may be handed over; rejects with an `AbortedError` if the caller says no, or if the
 * signal aborts first.
 */
export async function askCaller(beforeHandover: BeforeHandover, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) throw new AbortedError(signal.reason);
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new AbortedError(signal?.reason));
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    // defence: handover-waits-for-the-caller
    await Promise.race([promise, answerOf(beforeHandover)]);
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

async function answerOf(beforeHandover: BeforeHandover): Promise<void> {
  try {
    await beforeHandover();
  } catch (reason) {
    throw new AbortedError(reason);
  }
}
