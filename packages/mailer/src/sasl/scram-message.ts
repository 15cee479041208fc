/** Reads the server's two SCRAM messages (RFC 5802 section 7) strictly: a peer that has proved nothing yet chose everything in them. */
import { AuthenticationError } from "../errors/authentication-error.ts";
import { decodeBase64 } from "../wire/base64.ts";
import type { MechanismName } from "./mechanism.ts";

const FEWEST_ITERATIONS = 4096;
const MOST_ITERATIONS = 1_000_000;

interface ServerFirst {
  /** The client's nonce followed by the server's. */
  readonly nonce: string;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** Throws `AuthenticationError`: `MAIL_AUTH_SERVER_UNPROVEN` if it looks like an attack, `MAIL_AUTH_PROTOCOL` if it is malformed. */
export function parseServerFirst(mechanism: MechanismName, octets: Uint8Array, clientNonce: string): ServerFirst {
  const [r = "", s = "", i = ""] = attributesOf(mechanism, octets);
  const nonce = valueOf(r, "r");
  const salt = decodeBase64(valueOf(s, "s") ?? "?");
  const iterations = valueOf(i, "i");
  if (nonce === undefined || !/^[\x21-\x7e]+$/.test(nonce)) throw malformed(mechanism, "nonce");
  if (salt === undefined) throw malformed(mechanism, "salt");
  if (iterations === undefined || !/^[1-9][0-9]{0,15}$/.test(iterations)) throw malformed(mechanism, "iteration count");
  if (!nonce.startsWith(clientNonce) || nonce.length === clientNonce.length)
    throw unproven(
      mechanism,
      "The server did not build on the nonce of this login: what it sent may be replayed from another one, or made up by someone in between.",
    );
  if (salt.length === 0)
    throw unproven(
      mechanism,
      "The server sent an empty salt, which lets passwords be looked up in tables made beforehand. No proof was sent to it.",
    );
  // defence: iterations-have-bounds
  checkIterations(mechanism, Number(iterations));
  return { nonce, salt, iterations: Number(iterations) };
}

/** The server's signature. Throws `AuthenticationError`, including for the refusal (`e=`) that may come instead. */
export function parseServerFinal(mechanism: MechanismName, octets: Uint8Array): Uint8Array {
  const [v = ""] = attributesOf(mechanism, octets);
  const signature = decodeBase64(valueOf(v, "v") ?? "?");
  if (signature === undefined) throw malformed(mechanism, "signature");
  return signature;
}

export function unproven(mechanism: MechanismName, message: string): AuthenticationError {
  return new AuthenticationError("MAIL_AUTH_SERVER_UNPROVEN", message, { mechanism });
}

function attributesOf(mechanism: MechanismName, octets: Uint8Array): readonly string[] {
  const attributes = Buffer.from(octets).toString().split(",");
  // RFC 5802 section 5.1: an extension named by `m=` changes the protocol, so a client that does not know it must fail.
  if (attributes.some((attribute) => attribute.startsWith("m=")))
    throw new AuthenticationError(
      "MAIL_AUTH_PROTOCOL",
      `The server demands an extension of ${mechanism} that Postseal does not know. The login was cancelled.`,
      { mechanism },
    );
  // `e=` belongs in the last message, but some servers refuse in the first.
  const error = valueOf(attributes[0] ?? "", "e");
  if (error !== undefined) throw refused(mechanism, error);
  return attributes;
}

function valueOf(attribute: string, name: string): string | undefined {
  return attribute.startsWith(`${name}=`) ? attribute.slice(name.length + 1) : undefined;
}

/** The error does not print the count: the server chose it, and a password may be a number. */
function checkIterations(mechanism: MechanismName, iterations: number): void {
  if (iterations < FEWEST_ITERATIONS)
    throw unproven(
      mechanism,
      `The server asked for fewer than ${FEWEST_ITERATIONS} iterations (RFC 5802 section 5.1). A low count is an attack on the password: ` +
        "the proof would make it cheap to guess. No proof was sent. If the server is only configured that way, its administrator has to raise the count.",
    );
  if (iterations > MOST_ITERATIONS)
    throw unproven(
      mechanism,
      `The server asked for more than ${MOST_ITERATIONS} iterations. Such a high count is an attack on this machine's processor. ` +
        "No proof was sent. If the server is only configured that way, its administrator has to lower the count.",
    );
}

/** The other values of RFC 5802 section 7. Any other text of the server could be the password, or the proof that was just sent. */
const LISTED: ReadonlySet<string> = new Set([
  "invalid-encoding",
  "extensions-not-supported",
  "invalid-proof",
  "channel-binding-not-supported",
  "unknown-user",
  "invalid-username-encoding",
  "other-error",
]);

function refused(mechanism: MechanismName, error: string): AuthenticationError {
  switch (error) {
    case "channel-bindings-dont-match":
      return unproven(
        mechanism,
        "The server is at the end of another TLS session than this one: someone stands between you and it, with a certificate that this machine trusts. Ask who issued the certificate of this session.",
      );
    case "server-does-support-channel-binding":
      return unproven(
        mechanism,
        "The server offers channel binding, but its offer did not arrive here: someone between you and it removed it from the list.",
      );
    case "unsupported-channel-binding-type":
      return new AuthenticationError(
        "MAIL_AUTH_REFUSED",
        `The server offers ${mechanism}, but not with the channel binding of TLS 1.3 (tls-exporter, RFC 9266). ` +
          "If its administrator confirms that, set auth.mechanism to the same name without -PLUS.",
        { mechanism },
      );
    case "no-resources":
      return new AuthenticationError("MAIL_AUTH_DEFERRED", "The server has no resources for a login at the moment.", {
        mechanism,
        disposition: "retry",
      });
    default:
      return new AuthenticationError(
        "MAIL_AUTH_REFUSED",
        // defence: listed-errors-alone
        `The server refused the login: ${LISTED.has(error) ? `"${error}"` : "it named an error that RFC 5802 does not list"}. Check the username and the password.`,
        { mechanism },
      );
  }
}

function malformed(mechanism: MechanismName, what: string): AuthenticationError {
  return new AuthenticationError(
    "MAIL_AUTH_PROTOCOL",
    `The server's message for ${mechanism} has no well-formed ${what} where RFC 5802 section 7 wants one. The login was cancelled.`,
    { mechanism },
  );
}
