/** Reads `set name=value` and `unset name` as Mutt and s-nail have them. */
import type { Setting, Value } from "./setting.ts";
import { variableIn } from "./value.ts";
import { splitWords, type Word } from "./words.ts";

/** A value that a program prints is the program's line, under this name. */
export function byProgram(name: string): string {
  return `${name} (a program)`;
}

const NOT_KNOWN: Value = { text: "", isUnknown: true };

/** `set smtp-use-starttls`, `set nossl_verify_host` and `unset ssl_verify_host` become `yes` and `no`. */
export function readSets(text: string): readonly Setting[] {
  const own = new Map<string, Value>();
  return joined(text).flatMap(({ written, line }) => {
    const [command, ...words] = withoutBlanksAround(splitWords(written));
    if (command?.text === "unset") return words.map(({ text: name }) => ({ name, value: { text: "no" }, line }));
    if (command?.text !== "set") return [];
    return words.map(({ text: word, program, isLiteral }) => {
      const [, name = word, raw] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
      if (raw === undefined) {
        const off = /^no(.+)$/.exec(name)?.[1];
        return { name: off ?? name, value: { text: off === undefined ? "yes" : "no" }, line };
      }
      if (program !== undefined && raw === "") return { name: byProgram(name), value: { text: program }, line };
      const value = program !== undefined ? NOT_KNOWN : isLiteral ? { text: raw } : expanded(raw, own);
      own.set(name, value);
      return { name, value, line };
    });
  });
}

/** `name = value` is `name=value`. */
function withoutBlanksAround(words: readonly Word[]): readonly Word[] {
  const joinedWords: Word[] = [];
  let isOpen = false;
  for (const word of words) {
    const last = joinedWords.at(-1);
    if (last !== undefined && (isOpen || word.text.startsWith("=")))
      joinedWords.splice(-1, 1, {
        text: `${last.text}${word.text}`,
        program: word.program ?? last.program,
        isLiteral: word.isLiteral || last.isLiteral,
      });
    else joinedWords.push(word);
    isOpen = word.text === "=" || (!isOpen && word.text.endsWith("=") && !word.text.slice(0, -1).includes("="));
  }
  return joinedWords;
}

/** A line that ends with a backslash goes on in the next one. */
function joined(text: string): readonly { readonly written: string; readonly line: number }[] {
  const lines: { written: string; readonly line: number }[] = [];
  let goesOn = false;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const [written, more] = raw.endsWith("\\") ? [raw.slice(0, -1), true] : [raw, false];
    const last = lines.at(-1);
    if (goesOn && last !== undefined) last.written += ` ${written}`;
    else lines.push({ written, line: index + 1 });
    goesOn = more;
  }
  return lines;
}

/** A longer value is no setting of mail, and settings that name each other could grow without end. */
const LONGEST = 1000;

/** `$my_pass` is a setting of the file, `$MAIL_PASS` a variable of the environment. */
function expanded(text: string, own: ReadonlyMap<string, Value>): Value {
  const whole = /^\$\{?(\w+)\}?$/.exec(text)?.[1];
  const named = whole === undefined ? undefined : own.get(whole);
  if (named !== undefined) return named;
  if (whole !== undefined) return variableIn(text) ?? NOT_KNOWN;
  let isUnknown = false;
  const full = text.replace(/\$\{?(\w+)\}?/g, (_, name: string) => {
    const known = own.get(name)?.text;
    isUnknown ||= known === undefined;
    // In a URL the other parts are still of use.
    return known ?? `\${${name}}`;
  });
  const isUsable = full.length <= LONGEST && (!isUnknown || full.includes("://"));
  return isUsable ? { text: full } : NOT_KNOWN;
}
