/** What a subcommand is: how it is called, what its page says, and what it does. register.ts has the table of all of them. */
import { type Arguments, parseArguments } from "./arguments.ts";
import type { PageText } from "./manual/page.ts";
import type { Completion, Options, OptionTable } from "./option.ts";

/** All subcommands, in the order of the help. */
export type Register = readonly Entry[];
export type Entry = Leaf | Group;

export interface Leaf {
  readonly word: string;
  /** What it is for, as help and the shells list it. */
  readonly what: string;
  /** A link to the command that has this name calls it. */
  readonly isProgram?: true;
  /** It has its own grammar for its words, and prints its page itself. */
  readonly hasOwnGrammar?: true;
  /** Loaded late: loading all pages and options would take longer than most subcommands run. */
  readonly load: () => Promise<Subcommand>;
}

export interface Group {
  readonly word: string;
  readonly what: string;
  readonly members: readonly Leaf[];
  /** One page for all members. Without it each has its own, and the group lists them; a group of one has the page of that one. */
  readonly page?: () => Promise<(members: readonly Member[]) => PageText>;
  /** Reports an error in its own way, and returns the exit code. */
  readonly fail?: (error: unknown, asJson: boolean) => Promise<number>;
}

/** A member of a group, loaded. */
export type Member = Pick<Leaf, "word" | "what"> & Subcommand;

export interface Subcommand {
  readonly options: OptionTable;
  readonly operand?: Operand;
  /** Absent if the page of its group covers it. */
  readonly page?: PageText;
  /** `argv`: the words after its own. Returns the exit code. */
  readonly run: (argv: readonly string[], around: Surroundings) => Promise<number>;
}

/** What a subcommand may ask of the command around it. */
interface Surroundings {
  readonly register: Register;
  /** Prints the subcommand's page. */
  readonly showPage: () => Promise<void>;
}

/** A word that belongs to no option. */
export interface Operand {
  /** As it stands in help: `FILE`, or `[FILE]` if it may be left out. */
  readonly label: string;
  /** `command`: all words after `--`. */
  readonly takes: "word" | "command";
  readonly completes?: Completion;
}

interface Description<Name extends string> extends Omit<Subcommand, "run" | "options"> {
  readonly options: Options<Name>;
  readonly run: (given: Arguments<Name>, around: Surroundings) => Promise<number>;
}

/** Makes a subcommand that parses its words by its options and its operand. */
export function subcommand<Name extends string>({ run, ...description }: Description<Name>): Subcommand {
  const { options, operand } = description;
  return {
    ...description,
    run: async (argv, around) => {
      const own = ownWords(argv, operand);
      const given = parseArguments(own, options, operand?.takes === "word" ? 1 : 0, adviceOf(operand));
      return run(operand?.takes === "command" ? given.followedBy(argv.slice(own.length + 1)) : given, around);
    },
  };
}

function adviceOf(operand: Operand | undefined): string | undefined {
  return operand?.takes === "command" ? "the client's command comes after --" : undefined;
}

/** All words but those of a command that is to be started. */
export function ownWords(argv: readonly string[], operand: Operand | undefined): readonly string[] {
  const end = operand?.takes === "command" ? argv.indexOf("--") : -1;
  return end === -1 ? argv : argv.slice(0, end);
}
