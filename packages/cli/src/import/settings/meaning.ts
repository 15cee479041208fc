/** What a setting of another program can mean for an account. Each program has a table from its names to these. */
import type { Finding } from "../draft.ts";
import type { Value } from "./setting.ts";

/** How a program protects a session. `opportunistic`: by STARTTLS if the server offers it, else in the clear. */
export type Security = "implicit" | "starttls" | "opportunistic" | "clear";
/** `either`: TLS for sure, and the port says in which way. `as-usual`: what the program does if nothing is said. */
export type SecuritySaid = Security | "either" | "as-usual";

/** By value in lower case. */
export type TlsWords = ReadonlyMap<string, SecuritySaid>;

type Judge = (value: Value) => Said | undefined;
export type Said = readonly [kind: Finding["kind"], what: string, now: string];

export type Meaning =
  /** A host, with or without `:port`. */
  | "host"
  | "port"
  | "user"
  | "password"
  /** The path of a file with the password. */
  | "password-file"
  /** A shell line that prints it. */
  | "password-command"
  | "from"
  | "url"
  | "mechanism"
  /** An authority that the program trusts instead of the public ones. */
  | "ca-only"
  | "client-certificate"
  | "client-key"
  /** What it says about TLS, by its value. */
  | { readonly tls: TlsWords }
  | { readonly judge: Judge };

export interface Dialect {
  /** By name in lower case, with the spelling that is printed. */
  readonly meanings: ReadonlyMap<string, Named>;
  /** The options of a URL, likewise. */
  readonly options?: ReadonlyMap<string, Named>;
  /** What its URLs begin with, if it is not as usual. */
  readonly schemes?: TlsWords;
  /** What it does if no setting is about TLS, and why, as the beginning of a sentence. */
  readonly usual: { readonly security: Security; readonly said: string };
  /** The ports that it uses without any setting; 465 for implicit TLS. */
  readonly ports?: Partial<Record<Security, number>>;
  /** Names that belong to its settings: others than the known ones are reported. */
  readonly own?: RegExp;
}

export interface Named {
  readonly label: string;
  readonly meaning: Meaning;
}

/** Of a table by the spelling that is printed. */
export function meanings(table: Readonly<Record<string, Meaning>>): ReadonlyMap<string, Named> {
  return new Map(Object.entries(table).map(([label, meaning]) => [label.toLowerCase(), { label, meaning }]));
}

/** What each of a setting's values says, by the value in lower case. */
export function says(table: Readonly<Record<string, SecuritySaid>>): Meaning {
  return { tls: new Map(Object.entries(table)) };
}

/** What each scheme says. */
export function schemes(table: Readonly<Record<string, SecuritySaid>>): TlsWords {
  return new Map(Object.entries(table));
}

/** A switch, in every spelling of yes and no. An empty one says nothing. */
export function tlsSwitch(on: SecuritySaid, off: SecuritySaid): Meaning {
  const yes = ["true", "yes", "on", "1", "t", "y", "enabled", "enable"];
  const no = ["false", "no", "off", "0", "f", "n", "disabled", "disable", "null", "none"];
  const words = [...yes.map((word) => [word, on] as const), ...no.map((word) => [word, off] as const)];
  return { tls: new Map<string, SecuritySaid>([...words, ["", "as-usual"]]) };
}

export const quiet: Meaning = { judge: () => undefined };

export function always(kind: Finding["kind"], what: string, now: string): Meaning {
  return { judge: ({ text, variable }) => (text === "" && variable === undefined ? undefined : [kind, what, now]) };
}

/** Only if the switch is on, or off. */
export function when(state: "on" | "off", ...said: Said): Meaning {
  const words = state === "on" ? /^(?:true|yes|on|1|t|y)$/i : /^(?:false|no|off|0|f|n|none|null)$/i;
  return { judge: ({ text }) => (words.test(text) ? said : undefined) };
}

export function oneOf(words: RegExp, ...said: Said): Meaning {
  return { judge: ({ text }) => (words.test(text) ? said : undefined) };
}

export function unless(words: RegExp, ...said: Said): Meaning {
  return { judge: ({ text }) => (text === "" || words.test(text) ? undefined : said) };
}
