/** xtext, for values of ESMTP parameters (RFC 3461 section 4): printable ASCII except `+` and `=` as it is, all else as `+` and two hexadecimal digits. */

export function encodeXtext(text: string): string {
  return text.replace(
    /[^!-*,-<>-~]/g,
    (character) => `+${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
