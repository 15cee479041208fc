/** Makes text that somebody else wrote safe to print: a server must not be able to speak to the reader's terminal. */

const LONGEST = 400;
/** C0, DEL, C1; line and paragraph separators; the characters that reorder or hide what follows them. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** The text with control characters as `\x1b` or `\u202e`, and at most 400 characters of it. */
export function shown(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
  return cut.replace(UNSAFE, escapeOne);
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
      const code = character.charCodeAt(0);
      return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
    }
  }
}
