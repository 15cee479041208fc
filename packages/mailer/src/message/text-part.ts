/** Text as the body of a MIME part: CRLF line ends, UTF-8, and 7-bit on the wire. */
import { Buffer } from "node:buffer";
import { encodeBase64 } from "./base64.ts";
import { hasOtherEnd, isCommandLike } from "./command-like.ts";
import type { LeafPart } from "./part.ts";
import { encodeQuotedPrintable, isShorterInBase64 } from "./quoted-printable.ts";
import { isAscii } from "./text-judge.ts";

/** `parameters`: those of the media type besides the charset. The text must have been judged. */
export function textPart(text: string, type: string, parameters = ""): LeafPart {
  const { encoding, body } = encodeText(text);
  return {
    type,
    fields: `Content-Type: ${type}; charset=utf-8${parameters}\r\nContent-Transfer-Encoding: ${encoding}\r\n`,
    body: { text: body, commandFree: true },
  };
}

/**
 * A bare CR or LF is a line end to some servers and not to others, so it could smuggle a second message in the body
 * (CVE-2023-51764). So both become CRLF before anything else reads the text.
 */
function encodeText(text: string): { readonly encoding: string; readonly body: string } {
  const asGiven = mayStay(text);
  if (asGiven === undefined) return encodeText(text.replace(/\r\n|\r|\n/g, "\r\n"));
  const normal = text.includes("\r") ? text : text.replace(/\n/g, "\r\n");
  // defence: text-with-other-line-ends-is-encoded
  if (asGiven && isAscii(normal) && !hasOtherEnd(normal, true)) return { encoding: "7bit", body: normal };
  // Text with a command-like line is encoded, so that the result has none.
  const octets = Buffer.from(normal);
  return isShorterInBase64(octets)
    ? { encoding: "base64", body: withoutLineEnd(Buffer.from(encodeBase64(octets)).toString("latin1")) }
    : { encoding: "quoted-printable", body: encodeQuotedPrintable(octets) };
}

/** Whether no line is command-like; `undefined` if the line ends are not all CRLF or all LF. */
function mayStay(text: string): boolean | undefined {
  let stays = true;
  let start = 0;
  let cr = text.indexOf("\r");
  const hasCr = cr !== -1;
  for (let lf = text.indexOf("\n"); lf !== -1; lf = text.indexOf("\n", start)) {
    if (hasCr && cr !== lf - 1) return undefined;
    // defence: command-like-text-is-encoded
    stays &&= !isCommandLike(text, start, hasCr ? cr : lf);
    start = lf + 1;
    if (hasCr) cr = text.indexOf("\r", start);
  }
  return cr === -1 ? stays && !isCommandLike(text, start, text.length) : undefined;
}

function withoutLineEnd(lines: string): string {
  return lines.trimEnd();
}
