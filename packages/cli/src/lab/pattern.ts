/** The value of `--vector`. */
import { usage } from "./usage.ts";

/** Matches every id without a word. Throws a usage error if it is no regular expression. */
export function patternOf(word = ""): RegExp {
  try {
    return new RegExp(word);
  } catch {
    throw usage("--vector is not a regular expression; for ids that begin with A2, write ^A2");
  }
}
