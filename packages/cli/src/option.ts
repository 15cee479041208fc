/** What an option of the command is: for the parser, --help, the manual page and the shells. */
import type { MailerOptions } from "@postseal/mailer";

export interface OptionKind extends Effect {
  /** `flag` takes no value; `list` may be given several times. */
  readonly takes: "flag" | "value" | "list";
  /** What --help calls the value. */
  readonly value?: string;
  /** What the option does, for --help and the manual page. */
  readonly what: string;
}

/** What a shell may offer as a value: files, ids of vectors, or these words. */
export type Completion = "file" | "vector" | readonly string[];

interface Effect {
  readonly completes?: Completion;
  /** The library's fields that it sets: the library's error about one of these then names this option. */
  readonly sets?: readonly string[];
  /** The library's options that it stands for; absent if other options matter too. Throws `CommandError`. */
  readonly makes?: (values: readonly string[]) => MailerOptions;
  /** It may be given with an account, since it can only demand more. Any other option needs --server or POSTSEAL_URL. */
  readonly goesWithAccount?: boolean;
}

/** Options by their names. */
export type Options<Name extends string> = Readonly<Record<Name, OptionKind>>;
/** Options of any names, for code that goes through all of them. */
export type OptionTable = Options<string>;

export function flag(what: string, effect: Effect = {}): OptionKind {
  return { takes: "flag", what, ...effect };
}

export function value(name: string, what: string, effect: Effect = {}): OptionKind {
  return { takes: "value", value: name, what, ...effect };
}

export function list(name: string, what: string, effect: Effect = {}): OptionKind {
  return { ...value(name, what, effect), takes: "list" };
}

export function namesOf<Name extends string>(table: Options<Name>): readonly Name[] {
  return Object.keys(table).filter((name): name is Name => Object.hasOwn(table, name));
}
