/** Calls code that only watches (a subscriber, a tracer, a meter) so that its failure reaches neither the mail nor the process. */
import { inspect, types } from "node:util";

/** What `code` of the warning is. */
const CODE = "POSTSEAL_OBSERVER";

export class Containment {
  readonly #whose: string;
  #isReported = false;

  /** What the warning calls the code. */
  constructor(whose: string) {
    this.#whose = whose;
  }

  /** What the call returns; `undefined` if it fails. The first failure is a warning of the process, so that no log is flooded. */
  run<T>(call: () => T): T | undefined {
    try {
      const result = call();
      this.await(result);
      return result;
    } catch (error) {
      // defence: a-watcher-that-throws-is-contained
      this.#report(error);
      return undefined;
    }
  }

  /** An async function fails later: nobody else takes its rejection, which would end the process. */
  await(result: unknown): void {
    if (!types.isPromise(result)) return;
    // defence: a-watcher-that-rejects-is-contained
    void result.then(undefined, (error: unknown) => this.#report(error));
  }

  #report(error: unknown): void {
    if (this.#isReported) return;
    this.#isReported = true;
    const text = `${this.#whose} failed, which changes nothing about the mail. Later failures of it are not reported.`;
    process.emitWarning(text, { type: "PostsealWarning", code: CODE, detail: wordsOf(error) });
  }
}

/** An error may throw even while it is read. */
function wordsOf(error: unknown): string {
  try {
    return inspect(error);
  } catch {
    return "The error cannot be shown.";
  }
}
