/** Ctrl-C and SIGTERM: they end what is under way, and what became of the message is still told. */

/** The reason of the abort: the cause of what a send rejects with. */
export class Interruption extends Error {
  readonly code = "CLI_INTERRUPTED";

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
  }
}

/** Aborts at the first signal. A second one ends the process at once, as it always does. Call `release` when nothing is under way any more. */
export function interruptible(): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    release();
    controller.abort(new Interruption(name));
  };
  const release = (): void => {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return { signal: controller.signal, release };
}
