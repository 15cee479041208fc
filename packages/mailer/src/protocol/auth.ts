/** AUTH (RFC 4954), one step at a time: the session drives the steps, since the mechanism may have to compute between them. */
import { AuthenticationError } from "../errors/authentication-error.ts";
import { decodeBase64, encodeBase64 } from "../wire/base64.ts";
import { type Reply, verbatimOf } from "../wire/reply.ts";
import { ask, type Dialogue, unexpected } from "./dialogue.ts";

/** Octets with the CRLF (RFC 5321 section 4.5.3.1.4); a longer initial response waits for an empty challenge. */
const LONGEST_COMMAND = 512;

export type AuthReply =
  | { readonly kind: "challenge"; readonly octets: Uint8Array }
  | { readonly kind: "success" }
  | { readonly kind: "refused"; readonly reply: Reply };

/**
 * Asks for a mechanism, with its initial response if the line has room for it. Throws `AuthenticationError` for a challenge
 * that cannot be answered; the server then still waits for an answer: give it `cancelAuth`.
 */
export function* beginAuth(mechanism: string, initial: Uint8Array | undefined, peer: string): Dialogue<AuthReply> {
  if (initial === undefined) return judge(yield* ask({ verb: "AUTH", mechanism }), mechanism, peer);
  // An empty initial response is written "=" (RFC 4954 section 4).
  const initialResponse = initial.length === 0 ? "=" : encodeBase64(initial);
  if (`AUTH ${mechanism} ${initialResponse}\r\n`.length <= LONGEST_COMMAND) {
    return judge(yield* ask({ verb: "AUTH", mechanism, initialResponse }), mechanism, peer);
  }
  const first = judge(yield* ask({ verb: "AUTH", mechanism }), mechanism, peer);
  if (first.kind !== "challenge") return first;
  if (first.octets.length > 0) {
    throw protocolError(mechanism, `${peer} sent a challenge before the initial response of ${mechanism}.`);
  }
  return yield* answerChallenge(mechanism, initial, peer);
}

/** Throws like `beginAuth`. */
export function* answerChallenge(mechanism: string, response: Uint8Array, peer: string): Dialogue<AuthReply> {
  return judge(yield* ask({ verb: "AUTH-RESPONSE", response: encodeBase64(response) }), mechanism, peer);
}

/** Cancels the login (RFC 4954 section 4). The reply does not matter: the login has failed already, for a known reason. */
export function* cancelAuth(): Dialogue<void> {
  yield* ask({ verb: "AUTH-RESPONSE", response: "*" });
}

export function protocolError(mechanism: string, what: string): AuthenticationError {
  return new AuthenticationError("MAIL_AUTH_PROTOCOL", `${what} The exchange was cancelled.`, { mechanism });
}

function judge(reply: Reply, mechanism: string, peer: string): AuthReply {
  if (reply.code === 235) return { kind: "success" };
  if (reply.code === 334) {
    const octets = decodeBase64(verbatimOf(reply).join("").trim());
    if (octets === undefined) throw protocolError(mechanism, `${peer} sent a challenge that is not base64.`);
    return { kind: "challenge", octets };
  }
  if (reply.code >= 400) return { kind: "refused", reply };
  throw unexpected(peer, `AUTH ${mechanism}`, reply);
}
