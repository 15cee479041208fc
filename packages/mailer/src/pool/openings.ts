/**
 * What is known of the server from the attempts to open connections to it: whether it serves, since when it does not, and
 * when to try again.
 *
 * An opening has succeeded when its first message is answered, not before: a server may end each session as soon as it is
 * set up. A failure while other connections serve means that the server wants no more of them; a failure while none serves
 * means that it is away. The two are counted apart, and messages that succeed on other connections change neither.
 */
import { AuthenticationError } from "../errors/authentication-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { RateLimit } from "./rate-limit.ts";

/** All in milliseconds. */
const MINUTE = 60_000;
const QUICK = 250;
const AWAY = 1_250;
const LONGEST_AWAY = 30_000;
const LOGIN_AWAY = 20_000;
const CROWDED = 10_000;
/** Some servers lock an account after a few failed logins. */
// defence: refused-login-waits-longer
const LOGIN_CROWDED = 40_000;
const LONGEST = 60_000;
/** No minute has more failures, whatever a server says. */
const FAILURES_A_MINUTE = 12;
const FAILED_LOGINS_A_MINUTE = 4;
/** While a minute has no more failures than this, two quick attempts follow the first failure. */
const LAVISH = 5;

/** One connection, from the attempt to its first answered message. */
export interface Opening {
  readonly began: number;
  /** Failures before it began: if openings that were under way together fail, that counts as one failure. */
  readonly after: number;
}

/** An absence of the server while sends waited: from the first failure to the latest, by the same clock as `now`. */
export interface Absence {
  readonly since: number;
  readonly latest: number;
  readonly tried: number;
  readonly error: unknown;
}

export class Openings {
  readonly #away: BackOff;
  readonly #crowded: BackOff;
  readonly #failures = new RateLimit(FAILURES_A_MINUTE, MINUTE);
  readonly #failedLogins = new RateLimit(FAILED_LOGINS_A_MINUTE, MINUTE);
  /** How many connections the server served when it wanted no more. */
  #ceiling = Infinity;
  /** A connection could once carry a message, so the name, the port and the password are right. */
  #isKnown = false;
  #absence: Absence | undefined;
  /** There has been a failure since waiting sends last failed. */
  #isUnreported = false;
  #cost = 0;
  /** Failures so far. */
  #count = 0;

  /** `random` returns 0 to 1: it keeps many mailers from coming back at the same moment. */
  constructor(random: () => number = Math.random) {
    this.#away = new BackOff(random);
    this.#crowded = new BackOff(random);
  }

  /** Milliseconds that the last connection took until it could carry a message. */
  get cost(): number {
    return this.#cost;
  }

  /** Whether no connection has served since the last failure: then only one at a time is tried. */
  get isAway(): boolean {
    return this.#away.hasFailed;
  }

  /** Whether the server refused another connection beside those that it serves. */
  get isCrowded(): boolean {
    return this.#crowded.hasFailed;
  }

  get absence(): Absence | undefined {
    return this.#absence;
  }

  /** The most connections that the server seems to allow now. */
  most(now: number): number {
    return this.#crowded.delay(now) > 0 ? this.#ceiling : Infinity;
  }

  /** Milliseconds until a connection may be opened while no other serves; 0 for now. There is one more try before waiting sends fail. */
  delay(patience: number, now: number): number {
    const untilTold = this.#isPatient(patience) ? (this.#absence?.since ?? now) + patience - now : Infinity;
    return Math.max(0, Math.ceil(Math.min(untilTold, this.#away.delay(now))), this.#delayOfAny(0, now));
  }

  /**
   * Milliseconds until a connection may be opened beside others that serve; 0 for now, Infinity for not until something happens.
   * `unproven`: how many are being opened, or have not served yet. All of them may fail.
   */
  delayBeside(unproven: number, now: number): number {
    return Math.max(this.#crowded.delay(now), this.#delayOfAny(unproven, now));
  }

  #delayOfAny(unproven: number, now: number): number {
    return Math.max(delayOf(this.#failures, unproven, now), delayOf(this.#failedLogins, unproven, now));
  }

  /**
   * Whether waiting sends have to fail now. Before the first success they fail after any failure, since the name, the port or
   * the password may be wrong. Later they fail after a failure that comes when the server has been away for `patience`.
   */
  mustGiveUp(patience: number): boolean {
    return this.#isUnreported && !this.#isPatient(patience);
  }

  #isPatient(patience: number): boolean {
    // defence: short-outage-is-told-to-nobody
    if (this.#absence === undefined || !this.#isKnown) return false;
    return this.#absence.latest - this.#absence.since < patience;
  }

  /**
   * Call it when the waiting sends have failed, or when every send has its result: for the next ones, patience begins anew. A
   * message on a connection that has not served yet still waits, since it may come back.
   */
  nobodyWaits(): void {
    this.#absence = undefined;
    this.#isUnreported = false;
  }

  begin(now: number): Opening {
    return { began: now, after: this.#count };
  }

  /** The connection can carry a message. */
  opened({ began }: Opening, now: number): void {
    this.#isKnown = true;
    this.#cost = now - began;
  }

  /** Its first message was answered. `count`: how many connections there are with it. */
  served(count: number): void {
    this.#absence = undefined;
    this.#isUnreported = false;
    this.#away.reset();
    // defence: replacement-ends-no-wait
    if (count <= this.#ceiling) return;
    this.#crowded.reset();
    this.#ceiling = Infinity;
  }

  /**
   * The connection could not be set up, or ended before it had served. `others`: how many are beside it, open or closing.
   * `loggedIn`: the server had taken its login.
   */
  failed({ after }: Opening, { others, up = 0, loggedIn, error }: Failure, now: number): void {
    const isLogin = endedInLogin(error);
    this.#count += 1;
    // defence: failures-a-minute
    this.#failures.take(1, now);
    // To a server, a login that it takes and then hangs up on may look like a guess, as a refused one does.
    // defence: failed-logins-a-minute
    if (isLogin || loggedIn) this.#failedLogins.take(1, now);
    // defence: failure-beside-others-is-apart
    if (others > 0) {
      this.#ceiling = others;
      const first = isLogin ? LOGIN_CROWDED : CROWDED;
      return this.#crowded.fail({ after, count: this.#count, now }, (failures) => doubled(first, failures));
    }
    const { since = now, tried = 0 } = this.#absence ?? {};
    this.#absence = { since: Math.min(now, since + up), latest: now, tried: tried + 1, error };
    this.#isUnreported = true;
    const isLavish = this.#failures.delay(FAILURES_A_MINUTE - LAVISH, now) === 0;
    this.#away.fail({ after, count: this.#count, now }, (failures, passed) => {
      // The first failure may be bad luck.
      if (failures === 1 && (isLogin || isLavish)) return 0;
      if (isLogin) return doubled(LOGIN_AWAY, failures - 1);
      return passed < QUICK && isLavish ? QUICK : Math.min(LONGEST_AWAY, passed + AWAY);
    });
  }
}

function delayOf(limit: RateLimit, unproven: number, now: number): number {
  return unproven < limit.most ? limit.delay(1 + unproven, now) : Infinity;
}

/** How an opening failed. */
export interface Failure {
  readonly others: number;
  /** Milliseconds for which the connection could carry messages: no send waited for one then. Default 0. */
  readonly up?: number;
  readonly loggedIn: boolean;
  readonly error: unknown;
}

/**
 * Milliseconds to wait after that many failures without a success, the first of them `passed` milliseconds ago. Waiting as long
 * again as has passed takes few attempts, and finds the server within twice its absence plus `AWAY`.
 */
type Pace = (failures: number, passed: number) => number;

function doubled(first: number, failures: number): number {
  return Math.min(LONGEST, first * 2 ** (failures - 1));
}

class BackOff {
  readonly #random: () => number;
  #failures = 0;
  /** The number of the last failure that counted. */
  #latest = 0;
  /** When the first of them happened, by the same clock as `now`. */
  #since = 0;
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

  /** Records the `count`-th failure. Those of openings that were under way together count once. */
  fail(
    { after, count, now }: { readonly after: number; readonly count: number; readonly now: number },
    pace: Pace,
  ): void {
    // defence: together-is-once
    if (after < this.#latest) return;
    if (this.#failures === 0) this.#since = now;
    this.#failures += 1;
    this.#latest = count;
    this.#until = now + pace(this.#failures, now - this.#since) * (0.5 + this.#random() / 2);
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
