/** Makes a stranger's text safe to print: a server must not be able to control the reader's terminal. */

const LONGEST = 400;
/** Nearly everything that a server says, so tested first. */
const PLAIN = /^[ -~]*$/;
/**
 * What a terminal obeys, or a reader cannot see: control characters (Cc), line and paragraph separators (Zl, Zp), format
 * characters, including those that reorder text (Cf), halves of surrogate pairs (Cs), and everything that Unicode displays
 * as nothing: fillers, variation selectors and tags, in which a whole text can hide (Default_Ignorable_Code_Point). The
 * price of one rule for all: an emoji loses its variation selector, and with it its colour.
 */
// defence: what-is-invisible-is-shown
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** At most 400 characters of the text, the unsafe ones as `\x1b`, `\u202e` or `\u{e0041}`. */
export function shown(text: string): string {
  const cut = text.length > LONGEST ? `${beginningOf(text)}… (${text.length} characters)` : text;
  // defence: no-control-characters
  return PLAIN.test(cut) ? cut : cut.replace(UNSAFE, escapeOne);
}

/** Never ends with half of a surrogate pair. */
function beginningOf(text: string): string {
  const isPair = (text.codePointAt(LONGEST - 1) ?? 0) > 0xffff;
  // defence: no-half-character
  return text.slice(0, isPair ? LONGEST - 1 : LONGEST);
}

function escapeOne(character: string): string {
  switch (character) {
    case "\r":
      return "\\r";
    case "\n":
      return "\\n";
    case "\t":
      return "\\t";
    default: {
      const code = character.codePointAt(0) ?? 0;
      const digits = code.toString(16);
      if (code < 0x100) return `\\x${digits.padStart(2, "0")}`;
      return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
    }
  }
}
