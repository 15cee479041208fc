/** What is wrong with a configuration file, where, and what to do about it. */
import { CommandError } from "../command-error.ts";

export interface Problem {
  readonly file: string;
  /** From 1; absent if the problem is about the whole file. */
  readonly line?: number | undefined;
  /** What is wrong, without its full stop. It never holds a value that may be a secret. */
  readonly what: string;
  readonly remedy: string;
}

/** Stops a command: its message is the first problem, and it carries all of them. */
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
  return ` (and ${others} more: postseal config check lists ${others === 1 ? "it" : "them"})`;
}

export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
}
