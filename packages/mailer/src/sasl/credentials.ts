/** What a caller may log in with. */
import { InputError } from "../errors/input-error.ts";
import { kindOf } from "../errors/kind.ts";
import { shown } from "../errors/shown.ts";
import type { ReplyFacts } from "../outcome/receipt.ts";
import { Secret } from "./secret.ts";

export interface PasswordCredentials {
  readonly username: string;
  readonly password: string | Secret;
  /** The identity to act as (RFC 4422 section 3.4.1), if it is not the user's own. */
  readonly authorizationId?: string | undefined;
}

export interface TokenCredentials {
  readonly username: string;
  /** An OAuth 2.0 access token (RFC 6750). */
  readonly accessToken: string | Secret;
}

/** The identity of a TLS client certificate (RFC 4422 appendix A: EXTERNAL). */
export interface ExternalCredentials {
  readonly external: true;
  readonly authorizationId?: string | undefined;
}

export type Credentials = PasswordCredentials | TokenCredentials | ExternalCredentials;

/** A login that the server refused for good, as a function that gave the credentials hears of it. */
export interface RefusedLogin {
  /** What was refused, so that a token which is newer by now is not thrown away. */
  readonly credentials: { readonly username: string; readonly accessToken: Secret };
  readonly reply: ReplyFacts;
  /** Why, if the server says so (RFC 7628 section 3.2.2): `invalid_token`, `401`, and a few other known words. */
  readonly status?: string;
  /** The scope that the server says it wants. */
  readonly scope?: string;
  /** The issuer that the server names: for people, since nobody has proved it. */
  readonly issuer?: string;
}

/**
 * Called once for each connection, and only after the peer proved who it is, so that no secret is fetched for an impostor. If the
 * server refuses an access token, it is called once more, with `refused`: another token that it returns is tried once. An
 * `AuthenticationError` that it throws is the error of the login; anything else is that error's cause.
 */
export type CredentialsFunction = (facts: {
  readonly signal: AbortSignal | undefined;
  /** The name that the server has proved: a host name in lower case, or an IP address. */
  readonly server: string;
  readonly refused?: RefusedLogin | undefined;
}) => Credentials | Promise<Credentials>;

export type CredentialsSource = Credentials | CredentialsFunction;

const SHAPES = "{ username, password }, { username, accessToken } or { external: true }";
/** By other libraries' names. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["user", "username"],
  ["pass", "password"],
  ["token", "accessToken"],
  ["accesstoken", "accessToken"],
  ["access_token", "accessToken"],
]);
/** Each takes part in getting a token. */
const OAUTH = /^(?:refreshToken|clientId|clientSecret|accessUrl|serviceClient|privateKey|type)$/;

/** Throws `InputError` if nobody can log in with this, such as `"user:password"`. `from` ends the sentence if a function returned it. */
export function assertCredentials(given: unknown, from = ""): asserts given is Credentials {
  if (typeof given === "object" && given !== null && !(given instanceof Promise) && !Array.isArray(given))
    return assertPrintable(given);
  const way = given instanceof Promise ? ". Await it, or give the function itself" : "";
  throw refusal("", `give an object, ${SHAPES}; this is ${kindOf(given)}${from}${way}`);
}

type CredentialName = keyof PasswordCredentials | keyof TokenCredentials | keyof ExternalCredentials;

/** What to write instead of an unknown name. */
export function explainCredentials(name: string): string {
  const ours = OTHER_NAMES.get(name);
  if (ours !== undefined) return `there is no such option; it is ${ours} here. Give ${SHAPES}`;
  return OAUTH.test(name)
    ? "no token is fetched here: give { username, accessToken }, best as a function that returns a valid one each time (tokenCredentials of @postseal/oauth makes one)"
    : `there is no such option; give ${SHAPES}`;
}

/**
 * Throws `InputError` unless it is exactly one of the shapes, and each text is there: that of an unset variable is not.
 * Returns it without what is `undefined`.
 */
export function judgeCredentials(own: Readonly<Partial<Record<CredentialName, unknown>>>, from = ""): Credentials {
  const { username, password, accessToken, external, authorizationId } = own;
  if (authorizationId !== undefined && typeof authorizationId !== "string")
    throw refusal("authorizationId", `is ${kindOf(authorizationId)}, and it has to be a string${from}`);
  const id = authorizationId === undefined ? {} : { authorizationId };
  if (external !== undefined) {
    if (external !== true || [username, password, accessToken].some((one) => one !== undefined))
      throw refusal("external", `must be true, and alone. Give ${SHAPES}${from}`);
    return { external: true, ...id };
  }
  if (password !== undefined && accessToken !== undefined)
    throw refusal("accessToken", `there is a password too: give one of the two${from}`);
  if (username === undefined && password === undefined && accessToken === undefined)
    throw refusal("", `give ${SHAPES}; this has none of these names${from}`);
  const user = textOf("username", username, from);
  if (accessToken === undefined) return { username: user, password: secret("password", password, from), ...id };
  return { username: user, accessToken: secret("accessToken", accessToken, from), ...id };
}

function secret(name: string, value: unknown, from: string): string | Secret {
  if (value instanceof Secret && value.reveal() !== "") return value;
  return textOf(name, value instanceof Secret ? value.reveal() : value, from);
}

function textOf(name: string, value: unknown, from: string): string {
  if (value === undefined || value === "")
    throw refusal(name, `is ${value === "" ? "empty" : "missing"}${from}. Is the environment variable set?`);
  if (typeof value !== "string") throw refusal(name, `is ${kindOf(value)}, and it has to be a string${from}`);
  return value;
}

function refusal(name: string, why: string): InputError {
  return new InputError("MAIL_INPUT_OPTION", name === "" ? "credentials" : `credentials.${name}`, why);
}

/** C0 and DEL: NUL and SOH separate the fields of PLAIN and XOAUTH2, and SASLprep forbids the others. */
export const CONTROL: RegExp = /[\u0000-\u001f\u007f]/;

function assertPrintable(given: object): void {
  for (const [name, value] of Object.entries(given)) {
    const text: unknown = value instanceof Secret ? value.reveal() : value;
    if (typeof text !== "string" || !CONTROL.test(text)) continue;
    throw new InputError(
      "MAIL_INPUT_OPTION",
      `credentials.${shown(name)}`,
      "holds a control character. Take it out; a line break at the end often comes with a secret that was read from a file",
    );
  }
}
