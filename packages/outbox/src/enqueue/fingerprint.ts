/**
 * What makes two messages the same for a key. Composing the same message twice gives other octets: the date, the Message-ID and
 * the boundaries differ, unless the caller gave them. They are left out here.
 */
import { createHash } from "node:crypto";

/** What composing makes anew each time. */
export interface Varying {
  /** The first field of the header, if the caller gave no date. */
  readonly date: boolean;
  /** If the caller gave none. */
  readonly messageId: string | undefined;
  readonly boundaries: boolean;
}

/** As the mailer makes them: a letter for the kind of container, and a UUID. */
const BOUNDARY = /=_[a-z]_[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const LONGEST_BOUNDARY = 40;

/** `envelope`: everything but the octets that a server would see. */
export function fingerprint(envelope: string, octets: Iterable<Uint8Array>, varying: Varying): string {
  const hash = createHash("sha256").update(envelope).update("\0");
  const longest = Math.max(LONGEST_BOUNDARY, varying.messageId?.length ?? 0);
  let isFirst = true;
  let text = "";
  for (const piece of octets) {
    text += Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1");
    if (isFirst && varying.date) text = text.slice(Math.max(0, text.indexOf("\r\n")));
    isFirst = false;
    text = withoutVarying(text, varying);
    // The rest may be the beginning of what varies.
    const end = Math.max(0, text.length - longest);
    hash.update(text.slice(0, end), "latin1");
    text = text.slice(end);
  }
  return hash.update(text, "latin1").digest("hex");
}

function withoutVarying(text: string, { messageId, boundaries }: Varying): string {
  const rest = messageId === undefined ? text : text.replaceAll(messageId, "");
  return boundaries ? rest.replace(BOUNDARY, "") : rest;
}
