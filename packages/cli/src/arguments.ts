/**
 * Reads the command line strictly. It refuses what it does not know, and never quotes it whole: a mistyped option may hold
 * a password, and errors end up in logs.
 */
import { parseArgs } from "./node-util.ts";
import { CommandError } from "./command-error.ts";
import { nearest } from "@postseal/mailer/nearest";
import type { OptionKind, Options } from "./option.ts";

const QUOTE = "quote a value that has spaces";

/** `Name`: the options that may be asked for. `in`: a function that asks for fewer options takes these arguments too. */
export class Arguments<in Name extends string> {
  /** Words that belong to no option. */
  readonly words: readonly string[];
  readonly #given: ReadonlyMap<string, readonly string[]>;

  constructor(given: ReadonlyMap<string, readonly string[]>, words: readonly string[] = []) {
    this.#given = given;
    this.words = words;
  }

  /** The same, with the words of a command that is to be started. */
  followedBy(command: readonly string[]): Arguments<Name> {
    return new Arguments(this.#given, command);
  }

  has(name: Name): boolean {
    return this.#given.has(name);
  }

  one(name: Name): string | undefined {
    return this.all(name)[0];
  }

  all(name: Name): readonly string[] {
    return this.#given.get(name) ?? [];
  }

  /** Returns the one that was given. Throws if more than one was. */
  oneOf<One extends Name>(...names: readonly One[]): One | undefined {
    const [first, second] = names.filter((name) => this.has(name));
    if (second !== undefined) throw usage(`--${first} and --${second} exclude each other; give one of them`);
    return first;
  }
}

/** `most`: how many words may belong to no option. `advice`: what to do about one too many. Throws `CommandError` (`CLI_USAGE`). */
export function parseArguments<Name extends string>(
  argv: readonly string[],
  table: Options<Name>,
  most = 0,
  advice = QUOTE,
): Arguments<Name> {
  const kinds = new Map<string, OptionKind>(Object.entries(table));
  const options = Object.fromEntries(
    [...kinds].map(([name, { takes }]) => [
      name,
      { type: takes === "flag" ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const given = new Map<string, string[]>();
  const words: string[] = [];
  let last = "";
  for (const token of tokens) {
    if (token.kind === "positional" && words.length < most) {
      words.push(token.value);
      continue;
    }
    if (token.kind !== "option") {
      const word = token.kind === "positional" ? token.value : "";
      const before = kinds.get(last);
      // After an option with a value it may be the rest of that value.
      const isSurplus = words.length > 0 && (before === undefined || before.takes === "flag");
      throw usage(
        isSurplus ? `${shownWord(word)} is one word too many; give one at a time` : stray(word, last, before, advice),
      );
    }
    const kind = kinds.get(token.name);
    if (kind === undefined) throw usage(unknown(token.rawName, [...kinds.keys()]));
    const before = given.get(token.name);
    if (before !== undefined && kind.takes !== "list") throw usage(`--${token.name} is given twice; give it once`);
    const value = valueOf(token.name, token.value, token.inlineValue === true, kind);
    last = token.name;
    if (before === undefined) given.set(token.name, [value]);
    else before.push(value);
  }
  return new Arguments(given, words);
}

function valueOf(name: string, value: string | undefined, inline: boolean, { takes }: OptionKind): string {
  if (takes === "flag") {
    if (value !== undefined) throw usage(`--${name} takes no value`);
    return "";
  }
  if (value === undefined) throw usage(`--${name} needs a value`);
  // `--subject --text hi` lacks the subject. A value that really begins with a hyphen is written --subject=-hi.
  if (!inline && value.length > 1 && value.startsWith("-")) {
    throw usage(`--${name} needs a value; one that begins with a hyphen is written --${name}=…`);
  }
  return value;
}

/** What mail(1) and others call our options: the nearest word of ours would be another option. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ["s", "subject"],
  ["t", "to"],
  ["c", "cc"],
  ["b", "bcc"],
  ["f", "from"],
  ["r", "from"],
  ["a", "attach"],
  ["h", "server"],
  ["host", "server"],
  ["hostname", "server"],
  ["port", "server"],
  ["smtp", "server"],
  ["url", "server"],
  ["u", "server"],
  ["user", "server"],
  ["username", "server"],
  ["p", "password-file"],
  ["body", "text"],
  ["m", "text"],
  ["attachment", "attach"],
  ["file", "attach"],
  ["recipient", "to"],
  ["sender", "from"],
  ["importance", "priority"],
  ["reply", "reply-to"],
]);

function unknown(rawName: string, names: readonly string[]): string {
  const name = rawName.replace(/^-+/, "");
  if (
    /^(insecure|(no-?)?(tls|ssl)|plain(text)?|starttls|require-?tls|no-?verify|tls-certcheck|no-check-certificate)$/i.test(
      name,
    )
  ) {
    return `--${name} does not exist: TLS is always on, and always verified. For a private server give --ca FILE, or --trust-pin PIN`;
  }
  if (name === "password" || name === "pass") {
    return "a password on the command line shows in the process list and in the shell's history: give --password-file FILE or --password-env NAME";
  }
  const meant = MEANT.get(name.toLowerCase());
  const close = meant !== undefined && names.includes(meant) ? meant : nearest(name, names);
  // It may be a value that begins with a hyphen, even a password.
  const shownName = /^[A-Za-z0-9-]{1,30}$/.test(name) ? rawName.slice(0, 2 + name.length) : "one of the options";
  return `${shownName} does not exist; ${close === undefined ? "--help lists the options" : `did you mean --${close}?`}`;
}

/** `last`: the option before it, such as `attach` in `--attach *.pdf`. */
function stray(value: string, last: string, kind: OptionKind | undefined, advice: string): string {
  const repeat = kind?.takes === "list" ? `repeat --${last} for each, and ` : "";
  return `${shownWord(value)} has no option before it; ${repeat}${advice}`;
}

function shownWord(value: string): string {
  return /^[\p{L}\p{N}.!?,'-]{1,30}$/u.test(value) ? `"${value}"` : "one of the words";
}

function usage(message: string): CommandError {
  return new CommandError("CLI_USAGE", message);
}
