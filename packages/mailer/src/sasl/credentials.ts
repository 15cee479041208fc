/** What a caller may log in with. */
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
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

/** Called once for each connection, and only after the peer proved who it is, so that no secret is fetched for an impostor. */
export type CredentialsFunction = (facts: {
  readonly signal: AbortSignal | undefined;
}) => Credentials | Promise<Credentials>;

export type CredentialsSource = Credentials | CredentialsFunction;

/** Throws `InputError` if nobody can log in with this, such as `"user:password"`. `from` ends the sentence if a function returned it. */
export function assertCredentials(given: unknown, from = ""): asserts given is Credentials {
  if (typeof given === "object" && given !== null) return assertPrintable(given);
  throw new InputError(
    "MAIL_INPUT_OPTION",
    "credentials",
    `give an object, { username, password }, { username, accessToken } or { external: true }; this is ${given === null ? "null" : typeof given}${from}`,
  );
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
