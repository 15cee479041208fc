/** The caller's last word before a message is handed over: an outbox writes down that it is about to be, or says no. */
import { AbortedError } from "../errors/aborted-error.ts";
import { Alarm } from "./alarm.ts";

/** Called for each attempt, and awaited. If it throws or rejects, the message is not handed over. */
export type BeforeHandover = () => void | Promise<void>;

/**
 * Asks the caller at once. Resolves when the message may be handed over; rejects with an `AbortedError` if the caller says no, if the
 * deadline passes without an answer, or if the signal aborts first.
 */
export type Question = (signal: AbortSignal | undefined) => Promise<void>;

/** `patience`: milliseconds that the caller has for an answer. */
export function questionFor(beforeHandover: BeforeHandover, patience: number): Question {
  return async (signal) => {
    if (signal?.aborted === true) throw new AbortedError(signal.reason);
    const { promise, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => reject(new AbortedError(signal?.reason));
    const deadline = new Alarm(() => reject(new AbortedError(noAnswer(patience))));
    signal?.addEventListener("abort", onAbort, { once: true });
    deadline.set(patience);
    try {
      // defence: handover-waits-for-the-caller
      await Promise.race([promise, answerOf(beforeHandover)]);
    } finally {
      deadline.cancel();
      signal?.removeEventListener("abort", onAbort);
    }
  };
}

async function answerOf(beforeHandover: BeforeHandover): Promise<void> {
  try {
    await beforeHandover();
  } catch (reason) {
    throw new AbortedError(reason);
  }
}

function noAnswer(patience: number): Error {
  return new Error(`beforeHandover did not answer within ${patience / 1000} s (timeouts.handover).`);
}
