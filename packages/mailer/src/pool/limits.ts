/** The limits that a pool keeps to. */
import { readWholeNumbers } from "../policy/whole-numbers.ts";

export interface PoolOptions {
  /** The most connections. Another one is opened only if many messages wait. Default 5. */
  readonly connections?: number | undefined;
  /** The most messages on one connection without a final reply, if the server can pipeline them. Default 8. */
  readonly window?: number | undefined;
  /** The most messages that one connection carries; fewer if the server says so (RFC 9422). Default 100. */
  readonly messagesPerConnection?: number | undefined;
  /** Milliseconds that an idle connection stays open. Default 5000. */
  readonly idle?: number | undefined;
  /** Milliseconds that a server which has served this mailer may be away before waiting sends fail. Default 30000. */
  readonly patience?: number | undefined;
  /** The most messages in any second. Default: no limit. */
  readonly messagesPerSecond?: number | undefined;
  /** The most recipients in any minute: a message to more goes in parts. Default: no limit. */
  readonly recipientsPerMinute?: number | undefined;
}

/** All of them. Infinity: no limit. */
export type PoolLimits = { readonly [name in keyof PoolOptions]-?: number };

const DEFAULTS: PoolLimits = {
  connections: 5,
  window: 8,
  messagesPerConnection: 100,
  idle: 5_000,
  patience: 30_000,
  messagesPerSecond: Infinity,
  recipientsPerMinute: Infinity,
};

/** By other libraries' names. */
const OTHER_NAMES: ReadonlyMap<string, keyof PoolOptions> = new Map([
  ["maxConnections", "connections"],
  ["maxMessages", "messagesPerConnection"],
  ["rateLimit", "messagesPerSecond"],
  ["idleTimeout", "idle"],
]);

function explain(name: string): string | undefined {
  const ours = OTHER_NAMES.get(name);
  return ours === undefined ? undefined : `there is no such option; it is pool.${ours} here`;
}

/** The defaults with the caller's changes. Throws `InputError` for anything but a positive whole number. */
export function resolvePool(changes: PoolOptions | undefined): PoolLimits {
  return readWholeNumbers(changes, DEFAULTS, {
    field: "pool",
    what: "must be a whole number, 1 or more",
    explain,
    // Nodemailer's `pool: true`.
    instead: "a mailer always has a pool. Leave it out, or give its limits, such as { connections: 2 }",
  });
}
