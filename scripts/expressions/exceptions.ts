/** The regular expressions that are not proved linear, and why each may stay. An entry that is not needed is an error. */
import type { Verdict } from "./judge.ts";

export interface Exception {
  readonly file: string;
  /** As `npm run expressions` prints it. */
  readonly source: string;
  readonly verdict: Verdict;
  readonly why: string;
}

export const exceptions: readonly Exception[] = [
  {
    file: "packages/cli/src/lab/pattern.ts",
    source: "new RegExp(word)",
    verdict: "dynamic",
    why: "The user's own pattern, which nobody else can give; it is matched with the identifiers of our vectors, which are short.",
  },
  {
    file: "packages/lab/src/vectors/page.ts",
    source: String.raw`"(?:[^"\\]|\\.)*"`,
    verdict: "polynomial",
    why: "Reads the explanations of our own vectors when their page is written. They are short, and not input.",
  },
  {
    file: "packages/mailer/src/wire/concealment.ts",
    source: 'new RegExp(literals.join("|"))',
    verdict: "dynamic",
    why: "Alternatives of literals without a quantifier: each position in the text costs at most the length of our own secrets, of which there are 32.",
  },
  {
    file: "packages/mailer/src/sasl/stringprep.ts",
    source: "new RegExp(`[${ranges}]`, `u${flags}`)",
    verdict: "dynamic",
    why: "One class of characters from our own tables, without a quantifier.",
  },
];
