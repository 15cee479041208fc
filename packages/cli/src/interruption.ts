/** Ctrl-C, SIGTERM, SIGHUP and --timeout: they end what is under way, and the command still reports what became of the message. */
import { CommandError } from "./command-error.ts";

/** The reason of the abort, and so the `cause` of the error that a send rejects with. */
export class Interruption extends Error {
  readonly code: "CLI_INTERRUPTED" | "CLI_TIMEOUT";
  /** By SIGTERM or SIGHUP: the system ended it, not a person at the keyboard. */
  readonly isTermination: boolean;

  /** `by`: the signal, or the number of seconds that have passed. */
  constructor(by: NodeJS.Signals | number) {
    super(typeof by === "number" ? `not done after the ${by} s of --timeout` : `interrupted by ${by}`);
    this.code = typeof by === "number" ? "CLI_TIMEOUT" : "CLI_INTERRUPTED";
    this.isTermination = by === "SIGTERM" || by === "SIGHUP";
  }
}

/** SIGHUP: the terminal or the connection to it is gone; a message may be under way all the same. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Aborts at the first signal, or when the time is up. A second signal ends the process at once, as it does by default. Call
 * `release` once nothing is under way. `seconds`: as it was typed; throws `CommandError` if it is not a number.
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
    for (const name of SIGNALS) process.off(name, onSignal);
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return { signal: controller.signal, release };
}

/** At most a day: a timer of Node fires at once beyond 24 days. */
function secondsOf(word: string): number {
  const seconds = /^\d{1,5}$/.test(word) ? Number(word) : 0;
  if (seconds >= 1 && seconds <= 86_400) return seconds;
  throw new CommandError("CLI_USAGE", "--timeout must be a whole number of seconds, from 1 to 86400");
}
