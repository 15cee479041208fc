/** Reads the value of a setting: quotation marks, a comment after it, and references to environment variables. */
import type { Value } from "./setting.ts";

const QUOTES = ['"""', '"', "'", "`"] as const;

/** `marks`: the characters that begin a comment after a blank. A backslash escapes only between double quotation marks. */
export function readValue(raw: string, marks = "#"): Value {
  const text = raw.trim();
  const quote = QUOTES.find((one) => text.startsWith(one));
  const end = quote === undefined ? -1 : endOf(text, quote);
  // More than a comment or the rest of a list: the marks are part of the value, as in "Alice" <alice@example.com>.
  const isPart = quote !== undefined && !/^[ \t]*(?:[,;#)\]}]|$)/.test(text.slice(end + quote.length));
  if (quote === undefined || end === -1 || isPart) {
    const bare = withoutComment(text, marks);
    const value = referenced(bare);
    return marks.split("").some((mark) => bare.includes(mark)) ? { ...value, hasMark: true } : value;
  }
  const inner = text.slice(quote.length, end);
  if (quote === '"') {
    const value = referenced(inner);
    return { ...value, text: value.text.replace(/\\(["\\$])/g, "$1") };
  }
  return quote === "'" ? { text: inner } : referenced(inner);
}

/** Where the closing mark begins; -1 if it is missing. */
function endOf(text: string, quote: string): number {
  for (let at = quote.length; at < text.length; at += 1) {
    if (quote === '"' && text[at] === "\\") at += 1;
    else if (text.startsWith(quote, at)) return at;
  }
  return -1;
}

/** A mark inside a word is part of it: `pass#word`. */
export function withoutComment(text: string, marks: string): string {
  for (let at = 0; at < text.length; at += 1) {
    const before = text[at - 1];
    if (marks.includes(text.charAt(at)) && (before === undefined || before === " " || before === "\t"))
      return text.slice(0, at).trim();
  }
  return text;
}

function referenced(text: string): Value {
  const variable = variableIn(text);
  if (variable !== undefined) return variable;
  // Only its own program can tell what else a shell would put there. The parts of a URL are looked at one by one.
  const isUnknown = !text.includes("://") && /(?:^|[^\\])\$(?:\{[A-Za-z_]|\()/.test(text);
  return isUnknown ? { text: "", isUnknown } : { text };
}

/** `${NAME}`, `${NAME:-otherwise}` and `$NAME`, if nothing else is there. */
export function variableIn(text: string): Value | undefined {
  const [, braced, otherwise = "", bare] = /^(?:\$\{([^{}:?-]+)(?::?[-?]([^{}]*))?\}|\$(\w+))$/.exec(text) ?? [];
  if (braced !== undefined && isVariable(braced)) return { text: otherwise, variable: braced };
  // Without braces it may be a password that begins with a dollar sign.
  const isNamed = bare !== undefined && isVariable(bare) && /PASS|PW|SECRET|TOKEN|KEY|SMTP|MAIL/.test(bare);
  return isNamed ? { text: "", variable: bare } : undefined;
}

/** The user or the password of a URL, as it stands there: a sign that is written %24 begins no reference. */
export function readUrlPart(encoded: string): Value {
  const reference = encoded.replaceAll("%7B", "{").replaceAll("%7D", "}");
  const variable = variableIn(reference);
  if (variable !== undefined) return variable;
  return /\$\{[A-Za-z_]/.test(reference) ? { text: "", isUnknown: true } : { text: decodeURIComponent(encoded) };
}

/** A name is printed, so it must not be a password: variables are in capitals. */
export function isVariable(name: string): boolean {
  return /^[A-Z_][A-Z0-9_]*$/.test(name);
}
