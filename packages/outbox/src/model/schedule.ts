/** When a message that was deferred is tried again. */

const MINUTE = 60_000;
/** Milliseconds after the first, second, third … attempt. The last one repeats. */
const STEPS: readonly number[] = [1, 2, 5, 10, 20, 40, 60, 120, 240].map((minutes) => minutes * MINUTE);
/** A server that says that it limits the rate wants less mail, not the same again. */
const THROTTLED: readonly number[] = [5, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE);
/** Each wait differs by up to this part of it, so that messages that failed together do not come back together. */
const JITTER = 0.25;

/** The longest rest of an account and of a domain, before it is spread. */
const LONGEST_REST = 10 * MINUTE;
const LONGEST_PROBE = 60 * MINUTE;

/** Enough for a mailbox that is full over a weekend: the steps above add up to about four days. */
export const MOST_ATTEMPTS = 30;

/** Codes by which servers limit a rate: RFC 3463 section 3.8 (X.7.x is policy), and what large providers say. */
const RATE_LIMIT = /^4\.(?:7\.(?:0|28|29|500)|3\.2|2\.1)$/;

/** Whether a message in doubt is sent again. A server or a message that ends every attempt after the mark makes a copy each time. */
export function isRedelivered(onUnknown: "hold" | "redeliver", attempts: number): boolean {
  return onUnknown === "redeliver" && attempts < MOST_ATTEMPTS;
}

export interface Deferral {
  /** How many attempts there were, this one included. */
  readonly attempts: number;
  /** The enhanced status code of the reply that deferred it (RFC 3463), if it has one. */
  readonly enhanced?: string | undefined;
  /** 0 to 1. */
  readonly random: number;
}

/** Milliseconds until the next attempt. */
export function retryDelay({ attempts, enhanced, random }: Deferral): number {
  const steps = enhanced !== undefined && RATE_LIMIT.test(enhanced) ? THROTTLED : STEPS;
  const step = steps[Math.min(attempts, steps.length) - 1] ?? MINUTE;
  return spread(step, random);
}

/** How long an account rests after so many failures in a row: 2 s at first, twice as long each time, 10 minutes at most. */
export function restDelay(failures: number, random: number): number {
  return spread(Math.min(2_000 * 2 ** Math.max(0, failures - 1), LONGEST_REST), random);
}

/** How long a domain in trouble rests before its next probe: a minute at first, twice as long each time, an hour at most. */
export function probeDelay(failures: number, random: number): number {
  return spread(Math.min(MINUTE * 2 ** Math.max(0, failures - 1), LONGEST_PROBE), random);
}

/** A rest that ends later than this did not begin before `now`: the clock was ahead then, and has been set back since. */
export function latestRest(now: number): { readonly account: number; readonly domain: number } {
  return { account: now + spread(LONGEST_REST, 1), domain: now + spread(LONGEST_PROBE, 1) };
}

function spread(delay: number, random: number): number {
  return Math.round(delay * (1 - JITTER + 2 * JITTER * random));
}
