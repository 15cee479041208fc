/** Whether octets are text in UTF-8, of which ASCII is a part: only then may a part say so. */
import { isUtf8 } from "node:buffer";
import type { OctetSource } from "./octet-source.ts";

const NUL = 0x00;
const ESCAPE = 0x1b;
/** After ESC: ISO 2022 switches to another character set, and only then are 7-bit octets not ASCII. */
const SWITCHES: ReadonlySet<number> = new Set(Buffer.from("$()*+,-./"));

/** UTF-16 of Latin text is valid UTF-8 with NULs, and ISO-2022-JP is valid ASCII with escapes: neither is text in UTF-8. */
export function isUtf8Text(octets: Uint8Array): boolean {
  return isUtf8(octets) && !octets.includes(NUL) && !switches(octets);
}

/** The same for octets that are read, in constant memory. */
export async function isUtf8TextIn(source: OctetSource): Promise<boolean> {
  let rest = Buffer.alloc(0);
  for await (const chunk of source.open()) {
    const octets = Buffer.concat([rest, chunk]);
    const end = wholeEnd(octets);
    if (!isUtf8Text(octets.subarray(0, end))) return false;
    rest = octets.subarray(end);
  }
  return isUtf8Text(rest);
}

/** Where the last character begins that the next chunk may go on with: at most three octets from the end. */
function wholeEnd(octets: Uint8Array): number {
  for (let at = octets.length - 1; at >= Math.max(0, octets.length - 3); at--) {
    const octet = octets[at] ?? 0;
    if (octet >= 0xc0 || octet === ESCAPE) return at;
    if (octet < 0x80) return octets.length;
  }
  return octets.length;
}

function switches(octets: Uint8Array): boolean {
  for (let at = octets.indexOf(ESCAPE); at !== -1; at = octets.indexOf(ESCAPE, at + 1)) {
    if (SWITCHES.has(octets[at + 1] ?? 0)) return true;
  }
  return false;
}
