/** QUIT (RFC 5321 section 4.1.1.10). Whatever comes back, the session is over. */
import { ask, type Dialogue } from "./dialogue.ts";

export function* quit(): Dialogue<void> {
  yield* ask({ verb: "QUIT" });
}
