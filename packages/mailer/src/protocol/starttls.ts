/**
 * STARTTLS (RFC 3207), up to the reply after which the handshake begins.
 *
 * Stripping takes one of two forms: the keyword is removed from the EHLO reply, or the command is answered with
 * something other than 220. Either ends the session, and no option lets a caller go on in the clear. The capabilities
 * learnt here are local, and die here.
 */
import { TlsError } from "../errors/tls-error.ts";
import { severityOf } from "../wire/reply.ts";
import type { ClearAction } from "./command.ts";
import { ask, type Dialogue } from "./dialogue.ts";
import { ehlo } from "./ehlo.ts";

/** The name that goes out in the clear: an address literal that is true of every client, and tells an eavesdropper nothing. */
export const NEUTRAL_CLIENT_NAME = "[127.0.0.1]";

/** Returns after 220. Throws `MAIL_TLS_NOT_OFFERED` or `MAIL_TLS_REFUSED`. */
export function* startTls(peer: string): Dialogue<void, ClearAction> {
  // defence: clear-offers-are-forgotten
  const offered = yield* ehlo(NEUTRAL_CLIENT_NAME, peer);
  // defence: starttls-has-to-be-offered
  if (!offered.has("STARTTLS")) {
    throw new TlsError(
      "MAIL_TLS_NOT_OFFERED",
      `${peer} did not offer STARTTLS, so nothing was sent: no password, no recipient, no message. ` +
        "Somebody between you and the server may be removing the offer (STRIPTLS); or this is not a submission port: " +
        "587 offers STARTTLS, 465 speaks TLS from the start (submissions://). Compare from another network before you trust this one.",
      { disposition: "retry", evidence: `offered: ${offered.keywords.join(", ")}` },
    );
  }
  const reply = yield* ask({ verb: "STARTTLS" });
  // defence: only-220-starts-tls
  if (reply.code === 220) return;
  const transient = severityOf(reply) === "transient";
  throw new TlsError(
    "MAIL_TLS_REFUSED",
    `${peer} offered STARTTLS and then answered it with ${reply.code}, but only 220 starts TLS. Nothing was sent. ` +
      (transient
        ? "TLS may be unavailable for the moment: the same may be tried later, still sealed."
        : "Somebody between you and the server may be refusing in its name, so that your client goes on in the clear; or its TLS is not set up."),
    {
      disposition: transient ? "retry" : "give-up",
      replyCode: reply.code,
      evidence: `${reply.code} ${reply.lines.join(" ")}`,
    },
  );
}
