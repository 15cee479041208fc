/** What an issuer's answer means if it is not what was asked for: from its status and its error code to an error of ours. */
import type { HttpsAnswer } from "@postseal/mailer/internal";
import { OAuthError, type OAuthErrorCode } from "./oauth-error.ts";

interface Asked {
  readonly purpose: string;
  readonly endpoint: URL;
  readonly endsSignIn?: boolean;
}

/** RFC 6749 section 5.2: printable ASCII without quotation mark and backslash. */
const ERROR = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,64}$/;
const LONGEST_DESCRIPTION = 200;
/** In seconds: an issuer cannot keep mail back for longer than a day. */
const LONGEST_WAIT = 86_400;

/** Only a person can mend these. The last three are OpenID Connect's (Core section 3.1.2.6), which Microsoft uses for renewals. */
const SIGN_IN: ReadonlySet<string> = new Set([
  "invalid_grant",
  "interaction_required",
  "login_required",
  "consent_required",
]);
const LATER: ReadonlySet<string> = new Set(["temporarily_unavailable", "server_error", "slow_down"]);

const CURES: ReadonlyMap<string, string> = new Map([
  [
    "invalid_client",
    "The client id or its secret is wrong or has ended; or the application may not sign in without a secret (at Microsoft: Allow public client flows: Yes).",
  ],
  [
    "unauthorized_client",
    "The application may not get tokens in this way, or not for this scope: its settings say so.",
  ],
  ["invalid_scope", "It does not know the scope, or does not give it to this application or in this way."],
  ["invalid_target", "It wants to hear, or does not know, for which server the token is (resource)."],
  ["access_denied", "The person, or an administrator, did not agree."],
  ["expired_token", "The code was not entered in time: begin again."],
  ["unsupported_grant_type", "It does not offer this way of getting a token."],
  ["invalid_client_metadata", "It does not register applications like this one: register it by hand, and give its id."],
  [
    "invalid_redirect_uri",
    "It does not register applications on one's own machine: register by hand, and give the id.",
  ],
]);

/** `show`: makes the issuer's words fit to be read. */
export function refusalOf(answer: HttpsAnswer, asked: Asked, show: (text: string) => string): OAuthError {
  const { status } = answer;
  const said = wordsIn(answer, show);
  const { error, description } = said;
  const facts = { ...said, status };
  const { host } = asked.endpoint;
  const words = description === undefined ? "" : ` It said: "${description}"`;
  if (status === 429 || status >= 500 || (error !== undefined && LATER.has(error))) {
    const retryAfter = retryAfterOf(answer);
    return new OAuthError(
      "MAIL_AUTH_DEFERRED",
      `${host} could not ${asked.purpose} just now (${error ?? `HTTP ${status}`}). Try again later.${words}`,
      { ...facts, ...(retryAfter === undefined ? {} : { retryAfter }) },
    );
  }
  if (status >= 300 && status < 400)
    return new OAuthError(
      "MAIL_AUTH_CREDENTIALS",
      `${host} answered with a redirect (HTTP ${status}) when it was asked to ${asked.purpose}. Redirects are not followed: the address of the issuer may be wrong.`,
      facts,
    );
  if (status < 300)
    return new OAuthError(
      "MAIL_AUTH_DEFERRED",
      `${host} answered, but not as an issuer does, when it was asked to ${asked.purpose}. If it happens again, the address may be wrong.`,
      { status },
    );
  if (error === undefined)
    return new OAuthError(
      "MAIL_AUTH_CREDENTIALS",
      `${host} refused to ${asked.purpose} (HTTP ${status}) without a reason: the address may be wrong.`,
      facts,
    );
  const code: OAuthErrorCode =
    asked.endsSignIn === true && SIGN_IN.has(error) ? "MAIL_AUTH_SIGN_IN" : "MAIL_AUTH_CREDENTIALS";
  const cure = code === "MAIL_AUTH_SIGN_IN" ? ENDED : CURES.get(error);
  return new OAuthError(
    code,
    `${host} refused to ${asked.purpose} (${error}).${cure === undefined ? "" : ` ${cure}`}${clockIn(answer)}${words}`,
    facts,
  );
}

const ENDED = "A person has to sign in again.";

/** From the body (RFC 6749 section 5.2), or else from a Bearer challenge (RFC 6750 section 3). */
function wordsIn(
  { body, headers }: HttpsAnswer,
  show: (text: string) => string,
): { readonly error?: string; readonly description?: string } {
  const { error = challengedIn(headers), error_description: description } = objectIn(body);
  return {
    // defence: error-codes-are-judged
    ...(typeof error === "string" && ERROR.test(error) ? { error: show(error) } : {}),
    ...(typeof description === "string" && description !== ""
      ? { description: show(description.slice(0, 4 * LONGEST_DESCRIPTION)).slice(0, LONGEST_DESCRIPTION) }
      : {}),
  };
}

function objectIn(body: Buffer): { readonly error?: unknown; readonly error_description?: unknown } {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function challengedIn(headers: Headers): string | undefined {
  return /\berror="([a-z_]{1,64})"/.exec(headers.get("www-authenticate") ?? "")?.[1];
}

/** Assertions and codes have times in them. In seconds, by the Date of the answer (RFC 9110 section 6.6.1). */
const TOLERABLE = 60;

function clockIn({ headers }: HttpsAnswer): string {
  const off = Math.round((Date.now() - Date.parse(headers.get("date") ?? "")) / 1000);
  if (Number.isNaN(off) || Math.abs(off) <= TOLERABLE) return "";
  return ` By its clock, this machine's is ${Math.abs(off)} s ${off > 0 ? "ahead" : "late"}: set it right.`;
}

/** RFC 9110 section 10.2.3: seconds or a date. */
function retryAfterOf({ headers }: HttpsAnswer): Date | undefined {
  const text = headers.get("retry-after");
  if (text === null) return undefined;
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : new Date(Date.now() + 1000 * Math.min(Math.max(seconds, 0), LONGEST_WAIT));
}
