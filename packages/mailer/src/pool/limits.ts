/** The limits that a pool keeps to. */
import { InputError } from "../errors/input-error.ts";
import { readOptions } from "../policy/own-options.ts";
import { LONGEST_TIMER } from "../policy/timeouts.ts";

export interface PoolLimits {
  readonly connections: number;
  readonly window: number;
  readonly messagesPerConnection: number;
  /** Milliseconds. */
  readonly idle: number;
  /** Milliseconds that a server which has served this mailer may be away before waiting sends fail. */
  readonly patience: number;
  /** Infinity: no limit. */
  readonly messagesPerSecond: number;
  readonly recipientsPerMinute: number;
}

export type PoolOptions = { readonly [name in keyof PoolLimits]?: number | undefined };

const DEFAULTS: PoolLimits = {
  connections: 5,
  window: 8,
  messagesPerConnection: 100,
  idle: 5_000,
  patience: 30_000,
  messagesPerSecond: Infinity,
  recipientsPerMinute: Infinity,
};
const NAMES: ReadonlySet<string> = new Set(Object.keys(DEFAULTS));

/** The defaults with the caller's changes. Throws `InputError` for anything but a positive whole number. */
export function resolvePool(changes: PoolOptions | undefined): PoolLimits {
  const own = readOptions(changes ?? {}, NAMES, { field: "pool", code: "MAIL_INPUT_OPTION" });
  const given = Object.entries(own).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= LONGEST_TIMER) continue;
    throw new InputError("MAIL_INPUT_OPTION", `pool.${name}`, "must be a whole number, 1 or more");
  }
  return { ...DEFAULTS, ...Object.fromEntries(given) };
}
