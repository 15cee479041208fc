/**
 * When a token is renewed, and by whom: once for all callers of a process, and for all processes that share the store.
 *
 * A renewal is never cancelled. Many issuers replace the refresh token at each use and end the sign-in if an old one comes again, so
 * the request and the writing of its result belong together.
 */
import { InputError, type Secret, shown } from "@postseal/mailer";
import { checkSignal, readOptions } from "@postseal/mailer/internal";
import { holdSignals } from "./interruption.ts";
import { likelyEnd } from "./likely-end.ts";
import { OAuthError } from "./oauth-error.ts";
import type { TokenOptions, TokenSource } from "./token-source.ts";
import type { StoredTokens, TokenStore } from "./tokens.ts";

/** One way of getting tokens. */
export interface Grantor {
  /** What of the stored tokens is of use here. Throws `OAuthError` if a person has to sign in first. */
  judge(now: StoredTokens | undefined): StoredTokens | undefined;
  /** Asks the issuer. Throws `OAuthError`. */
  fetch(now: StoredTokens | undefined): Promise<StoredTokens>;
}

const NAMES: ReadonlySet<string> = new Set(["signal", "server", "renew"]);
/** In milliseconds. */
const EARLIEST = 60_000;
const MOST_REFUSED = 8;

export class RenewingSource implements TokenSource {
  readonly #store: TokenStore;
  readonly #grantor: Grantor;
  readonly #refused: string[] = [];
  #renewing: Promise<StoredTokens> | undefined;

  constructor(store: TokenStore, grantor: Grantor) {
    this.#store = store;
    this.#grantor = grantor;
  }

  async token(options: TokenOptions = {}): Promise<Secret> {
    const { signal, server, renew = false } = readOptions(options, NAMES, { field: "", code: "MAIL_INPUT_OPTION" });
    checkSignal(signal);
    if (typeof renew !== "boolean") throw new InputError("MAIL_INPUT_OPTION", "renew", "must be true or false");
    signal?.throwIfAborted();
    const now = this.#grantor.judge(await this.#store.read());
    if (now !== undefined) assertServer(now, server);
    if (!renew && now?.accessToken !== undefined && this.#isGood(now.accessToken) && isFresh(now))
      return now.accessToken;
    const renewed = await untilAborted(this.#renewOnce(now, renew), signal);
    assertServer(renewed, server);
    if (renewed.accessToken === undefined) throw ended(renewed);
    return renewed.accessToken;
  }

  refused(token: Secret): void {
    if (!this.#isGood(token)) return;
    this.#refused.push(token.reveal());
    if (this.#refused.length > MOST_REFUSED) this.#refused.shift();
  }

  #isGood(token: Secret): boolean {
    return !this.#refused.includes(token.reveal());
  }

  /** Callers that come while a renewal is under way share it. */
  #renewOnce(seen: StoredTokens | undefined, isForced: boolean): Promise<StoredTokens> {
    if (this.#renewing !== undefined) return this.#renewing;
    this.#renewing = this.#renew(seen, isForced).finally(() => (this.#renewing = undefined));
    // Every caller may have gone away by then.
    this.#renewing.catch(() => {});
    return this.#renewing;
  }

  async #renew(seen: StoredTokens | undefined, isForced: boolean): Promise<StoredTokens> {
    let failure: OAuthError | undefined;
    let letSignals: (() => void) | undefined;
    const change = async (stored: StoredTokens | undefined): Promise<StoredTokens> => {
      const now = this.#grantor.judge(stored);
      // Another process was faster.
      // defence: read-again-under-the-lock
      if (stored !== undefined && now === stored && this.#isRenewed(now, seen, isForced)) return stored;
      try {
        if (now?.retryAfter !== undefined && now.retryAfter.getTime() > Date.now()) throw tooEarly(now.retryAfter);
        letSignals = holdSignals();
        return await this.#grantor.fetch(now);
      } catch (error) {
        if (!(error instanceof OAuthError) || now === undefined) throw error;
        // A program that does not know the lock may have stored another one.
        const other = error.code === "MAIL_AUTH_SIGN_IN" ? await this.#otherThan(now) : undefined;
        if (other !== undefined) return this.#grantor.fetch(other);
        const kept = afterFailure(now, error);
        failure = kept.ended === undefined ? error : ended(kept, error);
        if (kept === now) throw error;
        return kept;
      }
    };
    try {
      const tokens = await this.#store.update(change);
      if (failure === undefined) return tokens;
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      failure = error;
    } finally {
      letSignals?.();
    }
    // The issuer is away, but the token is still good.
    const isLive = seen?.accessToken !== undefined && this.#isGood(seen.accessToken) && isAlive(seen);
    if (failure.code === "MAIL_AUTH_DEFERRED" && isLive && !isForced) return seen;
    throw failure;
  }

  async #otherThan(now: StoredTokens): Promise<StoredTokens | undefined> {
    const again = this.#grantor.judge(await this.#store.read());
    return again?.refreshToken?.reveal() === now.refreshToken?.reveal() ? undefined : again;
  }

  #isRenewed(now: StoredTokens, seen: StoredTokens | undefined, isForced: boolean): boolean {
    if (now.accessToken === undefined || !this.#isGood(now.accessToken) || !isFresh(now)) return false;
    return !isForced || seen === undefined || now.renewedAt.getTime() !== seen.renewedAt.getTime();
  }
}

/** What is worth keeping of a failure: that the sign-in has ended, so that nobody asks again, or when to ask again. */
function afterFailure(now: StoredTokens, error: OAuthError): StoredTokens {
  // defence: ended-is-remembered
  if (error.code === "MAIL_AUTH_SIGN_IN" && error.error !== undefined) {
    const { accessToken: _, expiresAt: __, refreshToken: ___, ...rest } = now;
    return { ...rest, ended: { at: new Date(), error: error.error } };
  }
  return error.retryAfter === undefined || error.retryAfter.getTime() === now.retryAfter?.getTime()
    ? now
    : { ...now, retryAfter: error.retryAfter };
}

/** Valid for longer than the margin, within which it is renewed: a minute, or a tenth of a short life. */
function isFresh({ expiresAt, renewedAt }: StoredTokens): boolean {
  if (expiresAt === undefined) return true;
  const life = expiresAt.getTime() - renewedAt.getTime();
  return expiresAt.getTime() - Date.now() > Math.min(EARLIEST, life / 10);
}

function isAlive({ expiresAt }: StoredTokens): boolean {
  return expiresAt === undefined || expiresAt.getTime() > Date.now();
}

/** A token that is shown to a server of somebody else's is theirs. */
function assertServer({ servers, issuer }: StoredTokens, server: string | undefined): void {
  // defence: token-for-its-own-servers
  if (server === undefined || servers.includes(server.toLowerCase())) return;
  throw new OAuthError(
    "MAIL_AUTH_SIGN_IN",
    `The sign-in at ${shown(issuer)} is for ${shown(servers.join(", "))}, not for ${shown(server)}: its token was not sent there. Sign in again for that server, if it is yours.`,
  );
}

const ANY_END =
  "It was withdrawn, the password was changed, it was not used for too long, or another program used it up.";

/** `refusal`: what the issuer has just said. */
export function ended(tokens: StoredTokens, refusal?: OAuthError): OAuthError {
  const { ended: end, issuer, signedInAt } = tokens;
  if (end === undefined)
    return new OAuthError(
      "MAIL_AUTH_SIGN_IN",
      `The token of ${shown(issuer)} is no longer valid, and it gave no refresh token for another one. Sign in again; ask for offline access, if the issuer has that.`,
      { signedInAt },
    );
  const { status, description } = refusal ?? {};
  const words = description === undefined ? "" : ` It said: "${description}"`;
  const when = end.at.toISOString().slice(0, 10);
  return new OAuthError(
    "MAIL_AUTH_SIGN_IN",
    `The sign-in at ${shown(issuer)} ended on ${when} (${end.error}). ${likelyEnd(tokens) ?? ANY_END} Sign in again.${words}`,
    { error: end.error, signedInAt, status, description },
  );
}

function tooEarly(retryAfter: Date): OAuthError {
  return new OAuthError(
    "MAIL_AUTH_DEFERRED",
    `The issuer wants no question before ${retryAfter.toISOString()}. Try again then.`,
    { retryAfter },
  );
}

/** The wait ends; what is waited for does not. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
    if (signal.aborted) onAbort();
  });
}
