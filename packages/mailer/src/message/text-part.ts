/** Text as the body of a MIME part: CRLF line ends, UTF-8, and 7-bit on the wire. */
import { Buffer } from "node:buffer";
import { encodeBase64 } from "./base64.ts";
import { formatField } from "./header-field.ts";
import type { LeafPart } from "./part.ts";
import { encodeQuotedPrintable, isShorterInBase64 } from "./quoted-printable.ts";
import { isAscii } from "./text-judge.ts";

/** RFC 5321 section 4.5.3.1.6 counts the CRLF too: 1000. */
const LONGEST_LINE = 998;

/** `type` has its parameters, as pieces to fold at. The text was judged. */
export function textPart(text: string, type: readonly string[]): LeafPart {
  const { encoding, body } = encodeText(text);
  const fields = type.map((piece, index) => (index < type.length - 1 ? `${piece};` : piece));
  return {
    type: type[0] ?? "",
    fields: `${formatField("Content-Type", fields)}${formatField("Content-Transfer-Encoding", [encoding])}`,
    body,
  };
}

/**
 * A CR or LF alone is a line end to some servers and not to others, which smuggles a second message into the body
 * (CVE-2023-51764). So both become CRLF before anything else looks at the text.
 */
function encodeText(text: string): { readonly encoding: string; readonly body: string } {
  const asGiven = longestLine(text);
  const normal = asGiven === undefined ? text.replace(/\r\n|\r|\n/g, "\r\n") : text;
  const longest = asGiven ?? longestLine(normal) ?? Infinity;
  if (longest <= LONGEST_LINE && isAscii(normal)) return { encoding: "7bit", body: normal };
  const octets = Buffer.from(normal);
  return isShorterInBase64(octets)
    ? { encoding: "base64", body: withoutLineEnd(Buffer.from(encodeBase64(octets)).toString("latin1")) }
    : { encoding: "quoted-printable", body: encodeQuotedPrintable(octets) };
}

/** Where CR and LF stand only together, as in most text, the length of its longest line. */
function longestLine(text: string): number | undefined {
  let longest = 0;
  let start = 0;
  let cr = text.indexOf("\r");
  for (let lf = text.indexOf("\n"); lf !== -1; lf = text.indexOf("\n", start)) {
    if (cr === -1 || cr !== lf - 1) return undefined;
    longest = Math.max(longest, cr - start);
    start = lf + 1;
    cr = text.indexOf("\r", start);
  }
  return cr === -1 ? Math.max(longest, text.length - start) : undefined;
}

function withoutLineEnd(lines: string): string {
  return lines.slice(0, -2);
}
