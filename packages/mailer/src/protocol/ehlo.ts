/** EHLO (RFC 5321 section 4.1.1.1). There is no HELO: an attacker who refuses EHLO would take STARTTLS and AUTH from a client that falls back. */
import { ProtocolError } from "../errors/protocol-error.ts";
import { severityOf } from "../wire/reply.ts";
import { Capabilities } from "./capabilities.ts";
import type { ClearAction } from "./command.ts";
import { ask, type Dialogue } from "./dialogue.ts";

/** Throws `MAIL_EHLO_REFUSED` for anything but 250. */
export function* ehlo(clientName: string, peer: string): Dialogue<Capabilities, ClearAction> {
  const reply = yield* ask({ verb: "EHLO", clientName });
  // defence: only-250-answers-ehlo
  if (reply.code === 250) return new Capabilities(reply);
  throw new ProtocolError(
    "MAIL_EHLO_REFUSED",
    `${peer} refused EHLO with ${reply.code}, so nothing more was sent. The server may not serve you, or not now; ` +
      "before TLS, somebody between you and it may want your client to fall back to HELO, in the clear.",
    reply.lines.join(" "),
    severityOf(reply) === "transient" ? "retry" : "give-up",
  );
}
