/** QUIT (RFC 5321 section 4.1.1.10). The session is over after any reply. */
import { ask, type Dialogue } from "./dialogue.ts";

export function* quit(): Dialogue<void> {
  yield* ask({ verb: "QUIT" });
}
