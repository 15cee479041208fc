/**
 * One question to an issuer: made and read by oauth4webapi, carried by the mailer's sealed HTTPS.
 *
 * The library's errors hold tokens, codes and whole answers in their `cause`. So none of them leaves this file: an error is made
 * from the answer itself, as far as it may be shown.
 */
import { InputError, MailError, Secret, shown } from "@postseal/mailer";
import { Concealment, formsOf, type HttpsAnswer, type SealedHttps } from "@postseal/mailer/internal";
import { type AuthorizationServer, customFetch } from "oauth4webapi";
import { refusalOf } from "./refusal.ts";
import type { Issuer } from "./issuer.ts";
import { OAuthError } from "./oauth-error.ts";

export interface Question {
  /** Follows "to": `renew the access token`. */
  readonly purpose: string;
  /** The only address that is asked. */
  readonly endpoint: URL;
  /** What is sent, or may come back: struck out of errors. */
  readonly secrets: readonly (Secret | undefined)[];
  /** Whether an `invalid_grant` means that a person has to sign in again. */
  readonly endsSignIn?: boolean;
  readonly signal?: AbortSignal | undefined;
}

interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: URLSearchParams | string | undefined;
}

export interface Carrier {
  readonly [customFetch]: (url: string, init: FetchInit) => Promise<Response>;
}

/** Throws `OAuthError`, `InputError`, or the signal's reason. */
export async function ask<T>(
  https: SealedHttps,
  question: Question,
  run: (carrier: Carrier) => Promise<T>,
): Promise<T> {
  let answer: HttpsAnswer | undefined;
  const carry = async (url: string, init: FetchInit): Promise<Response> => {
    if (url !== question.endpoint.href || answer !== undefined) throw new TypeError("another address was asked");
    answer = await https({
      url: question.endpoint,
      method: init.method === "GET" ? "GET" : "POST",
      headers: new Headers(init.headers),
      ...(init.body === undefined ? {} : { body: String(init.body) }),
      signal: question.signal,
    });
    return responseOf(answer);
  };
  try {
    return await run({ [customFetch]: carry });
  } catch (error) {
    question.signal?.throwIfAborted();
    // defence: foreign-errors-stay-here
    throw translated(error, answer, question);
  }
}

/** What the library needs to know of an issuer. */
export function serverOf(issuer: Issuer): AuthorizationServer {
  return {
    issuer: issuer.id,
    token_endpoint: issuer.tokenEndpoint.href,
    ...(issuer.deviceEndpoint === undefined ? {} : { device_authorization_endpoint: issuer.deviceEndpoint.href }),
    ...(issuer.revocationEndpoint === undefined ? {} : { revocation_endpoint: issuer.revocationEndpoint.href }),
    ...(issuer.registrationEndpoint === undefined ? {} : { registration_endpoint: issuer.registrationEndpoint.href }),
  };
}

/** An identity token is not asked for, and not looked at: it would bring a clock and names that some issuers get wrong. */
function responseOf({ status, headers, body }: HttpsAnswer): Response {
  const isEmpty = status === 204 || status === 205 || status === 304;
  return new Response(isEmpty ? null : withoutIdToken(body), { status, headers });
}

function withoutIdToken(body: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> | string {
  const parsed = jsonIn(body);
  if (parsed === undefined || !Object.hasOwn(parsed, "id_token")) return body;
  const { id_token: _, ...rest } = parsed;
  return JSON.stringify(rest);
}

/** `undefined` if it is no JSON object. */
function jsonIn(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

function translated(error: unknown, answer: HttpsAnswer | undefined, question: Question): Error {
  if (error instanceof OAuthError || error instanceof InputError) return error;
  const { host } = question.endpoint;
  if (answer === undefined) {
    // The mailer's own errors name the host, and hold nothing of the request.
    if (!(error instanceof MailError))
      return new OAuthError("MAIL_AUTH_CREDENTIALS", `${host} could not be asked to ${question.purpose}.`);
    const code = error.disposition === "retry" ? "MAIL_AUTH_DEFERRED" : "MAIL_AUTH_CREDENTIALS";
    return new OAuthError(code, `Could not ask to ${question.purpose}. ${error.message}`, { cause: error });
  }
  const concealment = new Concealment();
  for (const secret of question.secrets) if (secret !== undefined) concealment.add(formsToStrike(secret.reveal()));
  return refusalOf(answer, question, (text) => shown(concealment.strike(text)));
}

function formsToStrike(secret: string): readonly string[] {
  return [...new Set([...formsOf(secret), encodeURIComponent(secret)])].filter((form) => form.length > 3);
}
