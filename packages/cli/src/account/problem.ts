/** What is wrong with a configuration file, where, and what to do about it. */
import { CommandError } from "../command-error.ts";

export interface Problem {
  readonly file: string;
  /** From 1; absent where it is about the file as a whole. */
  readonly line?: number | undefined;
  /** What is wrong, without its full stop. It never holds a value that may be a secret. */
  readonly what: string;
  readonly remedy: string;
}

/** What stops a command: the first problem in words, and all of them. */
export class ConfigurationError extends CommandError {
  readonly problems: readonly Problem[];

  constructor(first: Problem, others: readonly Problem[] = [], cause?: unknown) {
    super("CLI_CONFIGURATION", `${formatProblem(first)}${more(others.length)}`, cause);
    this.problems = [first, ...others];
  }
}

export function formatProblem({ file, line, what, remedy }: Problem): string {
  return `${file}${line === undefined ? "" : `:${line}`}: ${what}. ${remedy}`;
}

function more(others: number): string {
  if (others === 0) return "";
  return others === 1
    ? ". There is one more problem: postseal config check lists it"
    : `. There are ${others} more problems: postseal config check lists them`;
}
