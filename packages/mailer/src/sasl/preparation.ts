/** Prepares names and secrets for a mechanism, and refuses what it cannot carry. The error never prints the text. */
import { AuthenticationError } from "../errors/authentication-error.ts";
import type { MechanismName } from "./mechanism.ts";
import { Secret } from "./secret.ts";
import { saslprep } from "./stringprep.ts";

/** SASLprep does not change such a text. */
const PRINTABLE = /^[\x20-\x7e]*$/;

type CredentialField = "username" | "password" | "accessToken" | "authorizationId";
type Check = (mechanism: MechanismName, field: CredentialField, text: string) => string;

/**
 * Returns the text unchanged. Throws `AuthenticationError` (`MAIL_AUTH_CREDENTIALS`) if it is empty, holds NUL, CR or LF,
 * or is not well-formed Unicode. NUL separates the fields of PLAIN (RFC 4616 section 2), so it would forge one;
 * a line break is never part of a name or password, but often ends the file it was read from.
 */
export const checkText: Check = (mechanism, field, text) => {
  // A caller without types may pass anything here, most often the `undefined` of an unset variable.
  if (typeof text !== "string" || text === "")
    throw unusable(
      mechanism,
      field,
      "is empty or missing. Perhaps the variable or the file that should hold it is not there.",
    );
  if (text.includes("\0")) throw unusable(mechanism, field, "holds a NUL character, which no login can carry.");
  if (/[\r\n]/.test(text))
    throw unusable(
      mechanism,
      field,
      "holds a line break. If it was read from a file, remove the line break at its end.",
    );
  if (/\p{Surrogate}/u.test(text))
    throw unusable(mechanism, field, "is not well-formed Unicode: it holds half of a surrogate pair.");
  return text;
};

/** The text after SASLprep (RFC 4013), for SCRAM. Throws as `checkText` does, and if SASLprep refuses it. */
export const prepareText: Check = (mechanism, field, text) => {
  checkText(mechanism, field, text);
  // A username is a query; a password is a stored string (RFC 5802 sections 5.1 and 2.2).
  const prepared = PRINTABLE.test(text) ? text : saslprep(text, field !== "password");
  // A text that vanishes ends the login, too (RFC 5802 section 5.1).
  if (prepared === undefined || prepared === "")
    throw unusable(
      mechanism,
      field,
      "holds characters that SCRAM does not allow (SASLprep, RFC 4013): control or private-use characters, in a password also those " +
        "that are newer than Unicode 3.2 (most emoji), or text of both directions. Change it, or set auth.mechanism to " +
        '"PLAIN", which carries it unprepared, if the server offers that.',
    );
  return prepared;
};

/** The checked secret, wrapped again. */
export function prepareSecret(
  mechanism: MechanismName,
  field: "password" | "accessToken",
  secret: string | Secret,
  check: Check,
): Secret {
  return new Secret(check(mechanism, field, secret instanceof Secret ? secret.reveal() : secret));
}

/** UTF-8 in its own memory: Buffer.from would leave a secret in a pool that other buffers share. */
export function secretOctets(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function unusable(mechanism: MechanismName, field: CredentialField, what: string): AuthenticationError {
  return new AuthenticationError("MAIL_AUTH_CREDENTIALS", `auth.credentials: the ${field} ${what}`, { mechanism });
}
