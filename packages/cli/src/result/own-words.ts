/** Says the library's errors in the words of a subcommand: its options instead of the library's, and nothing about arrays. */
import { sendOptions } from "../mail/options.ts";
import type { OptionKind } from "../option.ts";

export interface OwnWords {
  /** The subcommand's words for the library's fields, such as `--to` for `to`. */
  readonly names: ReadonlyMap<string, string>;
  /** What to do instead of giving several addresses at once; the name stands before it. */
  readonly several: (name: string) => string;
  /** What to do about a field that no option writes. */
  readonly whole: string;
  /** What gives the authority, and the key, of a private server. */
  readonly authority: string;
  readonly key: string;
}

export const sendWords: OwnWords = {
  names: new Map([
    // It may have come from POSTSEAL_URL.
    ["server", "the server's URL"],
    ...Object.entries<OptionKind>(sendOptions).flatMap(([name, { sets = [] }]) =>
      sets.map((field) => [field, `--${name}`] as const),
    ),
  ]),
  several: (name) => `Repeat ${name} for each`,
  whole: "Write the whole message yourself, and give it with --message",
  authority: "--ca",
  key: "--trust-pin",
};

/** An account has its own authority and key, and the options for them are refused beside it. */
export const accountWords: OwnWords = {
  ...sendWords,
  authority: "ca in the account",
  key: "trust-pins in the account",
};

/** The outbox's fields, beside those of a message. */
export const outboxWords: OwnWords = {
  ...accountWords,
  names: new Map([
    ...sendWords.names,
    ["accounts", "the account's name"],
    ["account", "the account's name"],
    ["key", "--key"],
    ["stream", "--stream"],
    ["at", "--at"],
    ["expires", "--expires"],
    ["tags", "--tag"],
  ]),
};

/** A sendmail has letters, and takes the message from standard input. */
export const sendmailWords: OwnWords = {
  names: new Map([
    ["server", "POSTSEAL_URL"],
    ["message", "the message"],
    ["envelope.from", "the sender"],
    ["envelope.to", "a recipient"],
    ["dsn", "-N, -R or -V"],
  ]),
  several: () => "Give each as a word of its own",
  whole: "Write it into the message",
  // The account's keys.
  authority: "ca",
  key: "trust-pins",
};

/** `to[1]: …` becomes `--to (number 2): …`. */
export function inOwnWords(error: Error, words: OwnWords): string {
  const field = "field" in error ? String(error.field) : "";
  const [whole = ""] = /^[A-Za-z.]*/.exec(field) ?? [];
  const [option = ""] = /^(?:(?:tls|auth|envelope)\.)?[A-Za-z]+/.exec(field) ?? [];
  const name = words.names.get(whole) ?? words.names.get(option);
  const index = /\[(\d+)\]/.exec(field)?.[1];
  const isNamed = name !== undefined && error.message.startsWith(`${field}: `);
  const place = isNamed && index !== undefined ? ` (number ${Number(index) + 1})` : "";
  const message = isNamed ? `${name}${place}${error.message.slice(field.length)}` : error.message;
  return REWORDINGS.reduce(
    (text, { find, say }) => text.replace(find, (...found) => say(words, name ?? "it", found)),
    message,
  );
}

interface Rewording {
  readonly find: RegExp;
  readonly say: (words: OwnWords, name: string, found: readonly unknown[]) => string;
}

/** What the library advises its callers to write in TypeScript. */
const REWORDINGS: readonly Rewording[] = [
  {
    find: /is written from the option ([A-Za-z.]+): use that/,
    say: ({ names, whole }, _name, [, option]) => {
      const own = names.get(String(option));
      return own === undefined ? `has no option here. ${whole}` : `is written from ${own}: use that`;
    },
  },
  { find: /from the option priority: use one of them/, say: () => "from --priority too: give one of them" },
  { find: /Several addresses go into an array(?:; nothing separates them in a text)?/, say: several },
  { find: /; several addresses go into an array/, say: (words, name) => `. ${several(words, name)}` },
  { find: /, or pass \{ name, address \}/, say: () => "" },
  { find: /; several go into an array/, say: () => "; several have spaces between them" },
  { find: /Leave it out, or pass a ready-made message/, say: ({ whole }) => `Leave it out. ${whole}` },
  { find: /Pass that as a ready-made message/, say: ({ whole }) => whole },
  {
    find: /Give a Date, or a text with an offset: "([^"]*)"/,
    say: (_words, _name, [, date]) => `Write it as ${String(date)}`,
  },
  { find: /, as its format requires: \{ ready: … \}/, say: () => ", as its format requires" },
  { find: /fetch it, and pass its content/, say: () => "download it, and give the file" },
  // Without dashes: an account has keys of the same names.
  { find: /auth\.minimum "([a-z-]{1,20})"/, say: (_words, _name, [, level]) => `minimum (${String(level)})` },
  { find: /auth\.(minimum|mechanism)/, say: (_words, _name, [, option]) => String(option) },
  { find: / \(timeouts\.[A-Za-z]{1,20}\)/, say: () => "" },
  { find: /give accessToken instead of password/, say: () => "give a token instead of a password" },
  { find: /postQuantum: "require"/, say: () => "--require-pq" },
  { find: /\(tls\.ca\)/, say: ({ authority }) => `(${authority})` },
  { find: /\(tls\.trust\.pins\)/, say: ({ key }) => `(${key})` },
  { find: / \(transport: "implicit"\)/, say: () => "" },
  // The line below the message says so.
  { find: /Otherwise it is busy, and trying again is safe/, say: () => "Otherwise it is busy" },
  { find: /\(clientCertificate\)/, say: () => "(--client-cert)" },
  { find: /minVersion demands/, say: () => "--min-tls demands" },
  {
    find: /If an item may be without a value, take it out before: \[one, other\]\.filter\(Boolean\)\./,
    say: () => "Is a variable in it unset?",
  },
  { find: /than now and than at:/, say: () => "than now and than --at:" },
  { find: /set chunking: false/, say: () => "give --no-chunking" },
  { find: /leave (?:the credentials out|out the credentials)/, say: () => "leave the user out" },
  { find: /: give credentials\./, say: () => ": name a user, and give the password." },
  { find: /Give credentials for a mechanism that it offers/, say: () => "Give a password or a token, as it offers" },
];

function several(words: OwnWords, name: string): string {
  return `${words.several(name)} address`;
}
