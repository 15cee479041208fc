/** What a name, an address or a URL must not hold. It is refused, never removed: what is left might be another name. */

/** C0, DEL, C1, and the separators that some programs treat as line ends. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** Worded to follow "holds"; `undefined` if the text has no fault. */
export function textFaultOf(text: string): string | undefined {
  if (CONTROL.test(text)) return "a control character, which could begin another line or command";
  return isDamaged(text)
    ? "a character that is not valid text (U+FFFD stands for octets that are not UTF-8)"
    : undefined;
}

/**
 * Node decodes arguments, variables and typed text as UTF-8, and replaces invalid octets by U+FFFD. The octets are lost by
 * then, so a U+FFFD that somebody wrote on purpose is refused too.
 */
export function isDamaged(text: string): boolean {
  return text.includes("\ufffd") || /\p{Surrogate}/u.test(text);
}
