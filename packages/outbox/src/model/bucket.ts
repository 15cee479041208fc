/** A token bucket: how much may be taken now, if so much a time is allowed. All workers share the one in the store. */

export interface Bucket {
  readonly tokens: number;
  /** Milliseconds since 1970. */
  readonly filled: number;
}

/** `amount` in `period` milliseconds, and no more than `amount` at once. */
export interface Rate {
  readonly amount: number;
  readonly period: number;
}

/** A bucket that nobody has used is full. */
export function refill(bucket: Bucket | undefined, rate: Rate, now: number): Bucket {
  if (bucket === undefined) return { tokens: rate.amount, filled: now };
  // A clock that was set back neither fills it nor stops it from being filled later.
  const passed = Math.max(0, now - bucket.filled);
  return { tokens: Math.min(rate.amount, bucket.tokens + (passed * rate.amount) / rate.period), filled: now };
}

/** It may go below nothing: a message with more recipients than a whole bucket holds goes when the bucket is full. */
export function mayTake(bucket: Bucket, rate: Rate, wanted: number): boolean {
  return bucket.tokens >= Math.min(wanted, rate.amount);
}

export function take(bucket: Bucket, wanted: number): Bucket {
  return { ...bucket, tokens: bucket.tokens - wanted };
}
