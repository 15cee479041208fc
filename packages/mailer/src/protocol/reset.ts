/** RSET (RFC 5321 section 4.1.1.5). */
import { ask, type Dialogue, unexpected } from "./dialogue.ts";

/** Throws where the server does not say 250: what it still holds of a transaction is then unknown. */
export function* reset(peer: string): Dialogue<void> {
  const reply = yield* ask({ verb: "RSET" });
  if (reply.code !== 250) throw unexpected(peer, "RSET", reply);
}
