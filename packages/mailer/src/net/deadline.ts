/** One attempt that must end: by itself, by its deadline, or by the caller's signal. */
import { NetworkError, type Phase } from "../errors/network-error.ts";

export interface Deadline {
  readonly phase: Phase;
  /** Milliseconds from now. */
  readonly timeout: number;
  /** What the error says when the time is up. */
  readonly late: string;
  readonly signal: AbortSignal | undefined;
}

/** Runs `start`, which settles through the two callbacks and returns a function that undoes it: called if the promise rejects. */
export function withDeadline<T>(
  deadline: Deadline,
  start: (resolve: (value: T) => void, reject: (reason: unknown) => void) => () => void,
): Promise<T> {
  const { signal } = deadline;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    let undo: (() => void) | undefined;
    let settled = false;
    const settle = (): void => {
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    const fail = (reason: unknown): void => {
      if (settled) return;
      settle();
      undo?.();
      reject(reason);
    };
    const onAbort = (): void => fail(signal?.reason);
    const late = (): void => fail(new NetworkError("MAIL_NETWORK_TIMEOUT", deadline.phase, deadline.late));
    // Read what has arrived first: the process may have been stopped.
    const timer = setTimeout(() => setImmediate(late), deadline.timeout);
    signal?.addEventListener("abort", onAbort, { once: true });
    undo = start((value) => {
      if (settled) return;
      settle();
      resolve(value);
    }, fail);
  });
}
