/** Quoted-printable (RFC 2045 section 6.7): any octets as short lines of ASCII. */

const LONGEST = 76;

/** Takes and returns lines that end with CRLF, one character for each octet. */
export function quotedPrintable(body: string): string {
  return body.split("\r\n").map(encodedLine).join("\r\n");
}

function encodedLine(line: string): string {
  let text = "";
  let width = 0;
  for (let at = 0; at < line.length; at += 1) {
    const isLast = at === line.length - 1;
    const piece = encoded(line.charAt(at), isLast);
    // Room for the "=" of a soft line break.
    if (width + piece.length > LONGEST - (isLast ? 0 : 1)) {
      text += "=\r\n";
      width = 0;
    }
    text += piece;
    width += piece.length;
  }
  return text;
}

/** White space at the end of a line might be lost on the way. */
function encoded(character: string, isLast: boolean): string {
  const isItself = /[!-<>-~]/.test(character) || (/[ \t]/.test(character) && !isLast);
  return isItself ? character : `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
