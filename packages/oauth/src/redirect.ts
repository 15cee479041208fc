/** Judges the address at which the browser came back (RFC 6749 section 4.1.2): whether it answers this sign-in, and what it says. */
import { timingSafeEqual } from "node:crypto";
import { shown } from "@postseal/mailer";
import type { Issuer } from "./issuer.ts";
import { OAuthError } from "./oauth-error.ts";

/** Some issuers compare the path of a redirect to this machine with the registered one. Microsoft's has none. */
export const REDIRECT_PATH = "/callback";

export interface Expected {
  readonly issuer: Issuer;
  readonly redirectUri: string;
  readonly state: string;
}

/** Why it is no answer to this sign-in: then the wait goes on. */
export class ForeignRedirect extends Error {}

const NAMES = ["code", "state", "iss", "error", "error_description"] as const;
const ERROR = /^[\x20\x21\x23-\x5b\x5d-\x7e]{1,64}$/;
const CODE = /^[\x21-\x7e]{1,4096}$/;

/** Returns the code. Throws `ForeignRedirect`, or `OAuthError` if the issuer or the person has refused. */
export function codeIn(address: URL, { issuer, redirectUri, state }: Expected): string {
  const expected = new URL(redirectUri);
  if (address.origin !== expected.origin || address.pathname !== expected.pathname)
    throw new ForeignRedirect("it is another address than the one that this sign-in waits for");
  const { searchParams } = address;
  const [code, given, iss, error, description] = NAMES.map((name) => oneOf(searchParams, name));
  // defence: state-is-compared
  if (given === undefined || !isSame(given, state)) throw new ForeignRedirect("it belongs to another sign-in");
  // defence: issuer-names-itself
  if (iss === undefined ? issuer.sendsIss : !isIssuer(iss, issuer))
    throw new OAuthError(
      "MAIL_AUTH_CREDENTIALS",
      `The answer to the sign-in is not from ${issuer.id}: somebody may have mixed up two issuers. Its code was not used.`,
    );
  if (error !== undefined) throw refused(error, description, issuer);
  if (code === undefined || !CODE.test(code))
    throw new OAuthError("MAIL_AUTH_CREDENTIALS", `The answer of ${issuer.id} to the sign-in has no code.`);
  return code;
}

/** A parameter that comes twice is read in two ways by two readers. */
function oneOf(parameters: URLSearchParams, name: string): string | undefined {
  const [first, ...more] = parameters.getAll(name);
  if (more.length > 0) throw new ForeignRedirect(`${name} is in it more than once`);
  return first;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** For Microsoft's common endpoints the issuer is that of the person's own tenant. */
function isIssuer(iss: string, { id }: Issuer): boolean {
  if (iss === id) return true;
  const pattern = /^https:\/\/login\.microsoftonline\.com\/[0-9A-Za-z.-]{1,253}\/v2\.0$/;
  return pattern.test(id) && pattern.test(iss);
}

function refused(error: string, description: string | undefined, { id }: Issuer): OAuthError {
  const code = ERROR.test(error) ? error : "an unreadable error";
  const words = description === undefined || description === "" ? undefined : shown(description).slice(0, 200);
  const who =
    code === "access_denied" ? "The person, or an administrator, did not agree." : `${id} refused the sign-in.`;
  return new OAuthError("MAIL_AUTH_SIGN_IN", `${who} (${code})${words === undefined ? "" : ` It said: "${words}"`}`, {
    error: code,
    ...(words === undefined ? {} : { description: words }),
  });
}
