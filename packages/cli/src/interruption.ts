/** Ctrl-C, SIGTERM and --timeout: they end what is under way, and what became of the message is still told. */
import { CommandError } from "./command-error.ts";

/** The reason of the abort: the cause of what a send rejects with. */
export class Interruption extends Error {
  readonly code: "CLI_INTERRUPTED" | "CLI_TIMEOUT";

  /** By a signal, or because so many seconds have passed. */
  constructor(by: NodeJS.Signals | number) {
    super(typeof by === "number" ? `not done after the ${by} s of --timeout` : `interrupted by ${by}`);
    this.code = typeof by === "number" ? "CLI_TIMEOUT" : "CLI_INTERRUPTED";
  }
}

/**
 * Aborts at the first signal, or when the time is up. A second signal ends the process at once, as it always does. Call
 * `release` when nothing is under way any more. `seconds`: as it was typed; throws `CommandError` where it is no number.
 */
export function interruptible(seconds?: string): { readonly signal: AbortSignal; readonly release: () => void } {
  const limit = seconds === undefined ? undefined : secondsOf(seconds);
  const controller = new AbortController();
  const timer = setTimeout(() => onTime(), (limit ?? 0) * 1_000);
  if (limit === undefined) clearTimeout(timer);
  const onTime = (): void => {
    release();
    controller.abort(new Interruption(limit ?? 0));
  };
  const onSignal = (name: NodeJS.Signals): void => {
    release();
    controller.abort(new Interruption(name));
  };
  const release = (): void => {
    clearTimeout(timer);
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return { signal: controller.signal, release };
}

/** A day at most: timers do not count further than 24 of them. */
function secondsOf(word: string): number {
  const seconds = /^\d{1,5}$/.test(word) ? Number(word) : 0;
  if (seconds >= 1 && seconds <= 86_400) return seconds;
  throw new CommandError("CLI_USAGE", "--timeout is a whole number of seconds, from 1 to 86400");
}
