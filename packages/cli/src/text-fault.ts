/** What a name, an address or a URL must not hold. It is refused and never taken out: what is left might be another name. */

/** C0, DEL, C1, and the separators that some programs take for line ends. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** In words, for after "holds"; `undefined` for text without a fault. */
export function textFaultOf(text: string): string | undefined {
  if (CONTROL.test(text)) return "a control character, which could begin another line or command";
  return isDamaged(text)
    ? "a character that is not valid text (U+FFFD stands for octets that are not UTF-8)"
    : undefined;
}

/**
 * Node decodes arguments, variables and typed text as UTF-8, and writes U+FFFD for what is not. The octets are gone by then,
 * so a U+FFFD that somebody wrote on purpose is refused too.
 */
export function isDamaged(text: string): boolean {
  return text.includes("\ufffd") || /\p{Surrogate}/u.test(text);
}
