/**
 * What is known of the server from the connections that were opened to it: whether it serves, since when it does not, and
 * when it may be asked again.
 *
 * An opening has succeeded when its first message is answered, not before: a server may end each session as soon as it is
 * set up. A failure while other connections serve says that the server wants no more of them; one while none serves, that it
 * is away. The two are counted apart, and messages that succeed elsewhere change neither.
 */
import { AuthenticationError } from "../errors/authentication-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { RateLimit } from "./rate-limit.ts";

/** All in milliseconds. */
const MINUTE = 60_000;
/** Without a wait after the first failure, which may be chance. */
const AWAY = 250;
const LONGEST_AWAY = 30_000;
const LOGIN_AWAY = 20_000;
const CROWDED = 10_000;
/** Accounts are locked after a few logins that fail. */
const LOGIN_CROWDED = 40_000;
const LONGEST = 60_000;
/** Whatever a server says, no minute holds more that failed. */
const FAILURES_A_MINUTE = 12;
const FAILED_LOGINS_A_MINUTE = 4;

/** One connection, from the attempt to its first answered message. */
export interface Opening {
  readonly began: number;
  /** Connections beside it when it began or failed: open, or closing. */
  readonly others: number;
}

/** Since when a server has been away, by the same clock as `now`, and how often it was tried. */
export interface Absence {
  readonly since: number;
  readonly tried: number;
  readonly error: unknown;
}

export class Openings {
  readonly #away: BackOff;
  readonly #crowded: BackOff;
  readonly #failures = new RateLimit(FAILURES_A_MINUTE, MINUTE);
  readonly #failedLogins = new RateLimit(FAILED_LOGINS_A_MINUTE, MINUTE);
  /** Connections that the server served when it wanted no more. */
  #ceiling = Infinity;
  /** A connection to it could once carry a message: its name, its port and the password are right. */
  #isKnown = false;
  #absence: Absence | undefined;
  /** A failure that nobody was told of. */
  #isUntold = false;
  #cost = 0;

  /** `random` gives 0 to 1, so that many mailers do not come back at the same moment. */
  constructor(random: () => number = Math.random) {
    this.#away = new BackOff(random);
    this.#crowded = new BackOff(random);
  }

  /** Milliseconds that the last one took until it could carry a message. */
  get cost(): number {
    return this.#cost;
  }

  /** Whether none has served since the last failure: then one at a time is tried. */
  get isAway(): boolean {
    return this.#absence !== undefined;
  }

  /** Whether the server refused one more beside those that it serves. */
  get isCrowded(): boolean {
    return this.#crowded.hasFailed;
  }

  get absence(): Absence | undefined {
    return this.#absence;
  }

  /** How many connections there may be now, as far as the server is concerned. */
  most(now: number): number {
    return this.#crowded.delay(now) > 0 ? this.#ceiling : Infinity;
  }

  /** Milliseconds until one may be opened; 0 for now. `beside`: while others serve. */
  delay(beside: boolean, now: number): number {
    const backOff = beside ? this.#crowded : this.#away;
    return Math.max(backOff.delay(now), this.#failures.delay(1, now), this.#failedLogins.delay(1, now));
  }

  /**
   * Milliseconds until those who wait have to be told of a failure; 0 for now, Infinity if there is nothing to tell. At first
   * that is at once: the name, the port or the password may be wrong.
   */
  tellsIn(patience: number, now: number): number {
    if (!this.#isUntold || this.#absence === undefined) return Infinity;
    return this.#isKnown ? Math.max(0, Math.ceil(this.#absence.since + patience - now)) : 0;
  }

  /** Those who waited were told. */
  told(): void {
    this.#isUntold = false;
  }

  /** It can carry a message. */
  opened({ began }: Opening, now: number): void {
    this.#isKnown = true;
    this.#cost = now - began;
  }

  /** Its first message was answered. `count`: the connections that there are with it. */
  served(count: number): void {
    this.#absence = undefined;
    this.#isUntold = false;
    this.#away.reset();
    if (count <= this.#ceiling) return;
    this.#crowded.reset();
    this.#ceiling = Infinity;
  }

  failed({ began, others }: Opening, error: unknown, now: number): void {
    const isLogin = endedInLogin(error);
    this.#failures.take(1, now);
    if (isLogin) this.#failedLogins.take(1, now);
    if (others > 0) {
      this.#ceiling = others;
      return this.#crowded.fail(began, now, { first: isLogin ? LOGIN_CROWDED : CROWDED, longest: LONGEST, free: 0 });
    }
    const { since = now, tried = 0 } = this.#absence ?? {};
    this.#absence = { since, tried: tried + 1, error };
    this.#isUntold = true;
    const pace = isLogin ? { first: LOGIN_AWAY, longest: LONGEST } : { first: AWAY, longest: LONGEST_AWAY };
    this.#away.fail(began, now, { ...pace, free: 1 });
  }
}

/** How the waits grow: `free` failures cost none, then they begin with `first` and double. */
interface Pace {
  readonly first: number;
  readonly longest: number;
  readonly free: number;
}

class BackOff {
  readonly #random: () => number;
  #failures = 0;
  #latest = -Infinity;
  #until = -Infinity;

  constructor(random: () => number) {
    this.#random = random;
  }

  get hasFailed(): boolean {
    return this.#failures > 0;
  }

  delay(now: number): number {
    return Math.max(0, Math.ceil(this.#until - now));
  }

  /** Those that were on their way together fail once. */
  fail(began: number, now: number, { first, longest, free }: Pace): void {
    if (began <= this.#latest) return;
    this.#failures += 1;
    this.#latest = now;
    const wait = this.#failures <= free ? 0 : Math.min(longest, first * 2 ** (this.#failures - free - 1));
    this.#until = now + wait * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#failures = 0;
    this.#until = -Infinity;
  }
}

/** Whether a login was refused, or the connection ended in it. */
function endedInLogin(error: unknown): boolean {
  if (error instanceof AuthenticationError) return error.code !== "MAIL_AUTH_NOT_OFFERED";
  return error instanceof NetworkError && error.phase === "auth";
}
