/**
 * Tries the addresses of one host as RFC 8305 says: the families take turns, the next attempt starts when the one before has
 * failed or has not answered for a while, and the first to connect wins. It does not matter which one wins: the policy is
 * fixed already, and the certificate has to prove the name, not the address.
 */
import type { LookupAddress } from "node:dns";
import type { EventEmitter } from "node:events";

/** RFC 8305 section 5, in milliseconds. */
const ATTEMPT_DELAY = 250;

/** A socket that is connecting: it emits `connect` or `error`. */
export interface Attempt extends EventEmitter {
  destroy(): unknown;
}

/** If all attempts fail, `lost` gets the error of the first. Returns a function that gives up. */
export function race<A extends Attempt>(
  addresses: readonly string[],
  begin: (address: string) => A,
  won: (attempt: A) => void,
  lost: (cause: unknown) => void,
): () => void {
  const waiting = [...addresses];
  const running = new Set<A>();
  let first: { readonly cause: unknown } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    waiting.length = 0;
    for (const attempt of running) attempt.destroy();
    running.clear();
  };
  const next = (): void => {
    clearTimeout(timer);
    const address = waiting.shift();
    if (address === undefined) {
      if (running.size === 0) lost(first?.cause);
      return;
    }
    const attempt = begin(address);
    running.add(attempt);
    attempt.once("connect", () => {
      // Another attempt has won already.
      if (!running.delete(attempt)) return;
      stop();
      attempt.off("error", failed);
      won(attempt);
    });
    const failed = (cause: unknown): void => {
      first ??= { cause };
      if (running.delete(attempt)) next();
    };
    attempt.on("error", failed);
    if (waiting.length > 0) timer = setTimeout(next, ATTEMPT_DELAY);
  };
  next();
  return stop;
}

/** RFC 8305 section 4: the resolver's first choice comes first, then the families take turns. */
export function byTurns(addresses: readonly LookupAddress[]): readonly string[] {
  const [first] = addresses;
  const one = addresses.filter(({ family }) => family === first?.family);
  const other = addresses.filter(({ family }) => family !== first?.family);
  const longest = Math.max(one.length, other.length);
  return Array.from({ length: longest }, (_, at) => [one[at], other[at]])
    .flat()
    .flatMap((found) => (found === undefined ? [] : [found.address]));
}
