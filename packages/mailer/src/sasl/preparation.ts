/** Prepares names and secrets for a mechanism, and refuses what it cannot carry. The error never prints the text. */
import { AuthenticationError } from "../errors/authentication-error.ts";
import type { Credentials } from "./credentials.ts";
import type { MechanismName } from "./mechanism.ts";
import { Secret } from "./secret.ts";

/** SASLprep does not change such a text. */
const PRINTABLE = /^[\x20-\x7e]*$/;

let saslprep: ((text: string, options: { readonly allowUnassigned: boolean }) => string) | undefined;

/** Loads the tables of SASLprep if the credentials are not plain ASCII: loading them takes as long as loading all other code of the package. */
export async function loadTables(credentials: Credentials): Promise<void> {
  if (!("password" in credentials)) return;
  const { username, password, authorizationId = "" } = credentials;
  const texts = [username, password instanceof Secret ? password.reveal() : password, authorizationId];
  if (texts.every((text) => PRINTABLE.test(text))) return;
  try {
    saslprep = (await import("@mongodb-js/saslprep")).saslprep;
  } catch (cause) {
    throw new AuthenticationError("MAIL_AUTH_CREDENTIALS", NOT_LOADED, { cause });
  }
}

/** The tables are in a CommonJS package, which needs `require`: an ES module made by a bundler has none. */
const NOT_LOADED =
  "A user name or password beyond ASCII needs the tables of SASLprep (RFC 4013), and these could not be loaded. If this is a bundled ES module, " +
  "bundle it as CommonJS, or define require at its beginning (esbuild: --banner:js) by createRequire(import.meta.url) of node:module.";

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

/** The text after SASLprep (RFC 4013), for SCRAM. Throws as `checkText` does, and if SASLprep refuses it. Call `loadTables` first. */
export const prepareText: Check = (mechanism, field, text) => {
  checkText(mechanism, field, text);
  const prepared = PRINTABLE.test(text) ? text : saslprepped(text, field !== "password");
  if (prepared === "")
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

/**
 * A username is a query, where unassigned code points are allowed; a password is a stored string, where they are not
 * (RFC 5802 sections 5.1 and 2.2). A text that is refused becomes empty, as does one that vanishes, for which the library
 * throws a TypeError: RFC 5802 section 5.1 ends the login in both cases.
 */
function saslprepped(text: string, allowUnassigned: boolean): string {
  if (saslprep === undefined) throw new TypeError("the tables of SASLprep are not loaded");
  try {
    return saslprep(text, { allowUnassigned });
  } catch {
    return "";
  }
}
