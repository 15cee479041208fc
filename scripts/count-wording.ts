/**
 * Counts words that read as if translated, in the packages (so in `--help` too), the documentation and the rest: CONTRIBUTING.md
 * has the rules. Fails if one is left. `npm run wording` prints the counts too; with `--quiet` only what fails.
 */
import { globSync, readFileSync } from "node:fs";

/** What must have none. */
const FILES: readonly string[] = [
  "*.md",
  "docs/**/*.md",
  "packages/*/README.md",
  "packages/*/src/**/*.ts",
  "{test,bench,scripts,examples}/**/*.{ts,md,py}",
];

/** A comment's next line begins with a star or slashes. */
const GAP = String.raw`[\s*/]+`;
const THING =
  "(?:messages?|servers?|clients?|connections?|sessions?|options?|files?|commands?|programs?|packages?|replies|reply|lines?|sockets?|tests?|vectors?)";

const faults: Readonly<Record<string, RegExp>> = {
  "where …, there: say if": /\bwhere\b[^.;:|`]{0,160},\s*(?:\*\s*|\/\/\s*)?there\b/gi,
  "behind: after, or past": /\bbehind\b/gi,
  "in front of: before": new RegExp(`\\bin${GAP}front${GAP}of\\b`, "gi"),
  "whoever: anybody who, or name the thing": /\bwho(?:m|se)?ever\b/gi,
  "who, of a thing: that": new RegExp(`\\b${THING},?${GAP}whom?\\b`, "gi"),
  "who, without a person: name it":
    /(?:[.:;|]\s+[Ww]|^(?:\s*(?:\*|\/\/|\/\*\*)\s+)?W)ho\s+(?!(?:is|are|was|does|may|can)\b[^.]*\?|(?:does|says) what\b|gets\b|ended\b)[a-z]+\b[^.?]*\./gm,
  "is told: reports, returns, fails": /\b(?:is|are|be|was|were|being)\s+told\b/gi,
};

interface Argued {
  readonly file: string;
  /** A few words of the passage. */
  readonly words: string;
  readonly because: string;
}

/** Passages that may stay, because they mean a place, a person or a name. Each has to be there. */
const argued: readonly Argued[] = [
  { file: "CONTRIBUTING.md", words: "whoever asks for it", because: "a person asks" },
  { file: "CONTRIBUTING.md", words: 'not "is told"', because: "the rule itself" },
  { file: "CONTRIBUTING.md", words: "Where nobody subscribes, there", because: "an example of what not to write" },
  { file: "CONTRIBUTING.md", words: "Who cannot deliver there", because: "an example of what not to write" },
  { file: "CONTRIBUTING.md", words: "injected behind the greeting", because: "an example of what not to write" },
  { file: "test/material/certificates/name-cases.ts", words: "a-NUL-behind-it", because: "the name of a case" },
  { file: "test/material/certificates/name-cases.ts", words: "a-space-behind-it", because: "the name of a case" },
  { file: "test/scripts/README.md", words: "cut-behind-the-final-dot", because: "the name of a file" },
];

interface Hit {
  readonly file: string;
  readonly line: number;
  readonly fault: string;
  readonly words: string;
}

const files = filesOf(FILES);
const hits = files.flatMap(hitsIn);
const unused = argued.filter(({ file, words }) => !readFileSync(file, "utf8").includes(words));

const report = [
  ...hits.map(({ file, line, fault, words }) => `${file}:${line}: ${fault}: ${words}`),
  ...unused.map(({ file, words }) => `${file}: "${words}" is an exception, but is not there`),
  ...(process.argv.includes("--quiet") ? [] : counts()),
];
process.stdout.write(report.map((line) => `${line}\n`).join(""));
process.exitCode = hits.length + unused.length === 0 ? 0 : 1;

function filesOf(patterns: readonly string[]): readonly string[] {
  const found = globSync([...patterns], { exclude: ["**/node_modules/**", "**/dist/**", "scripts/count-wording.ts"] });
  return found.map((file) => file.replaceAll("\\", "/")).toSorted();
}

function hitsIn(file: string): readonly Hit[] {
  const whole = readFileSync(file, "utf8");
  const text = file.endsWith(".md") ? withoutOutput(whole) : whole;
  return Object.entries(faults).flatMap(([fault, pattern]) =>
    [...text.matchAll(pattern)]
      .filter(({ 0: words, index }) => !isArgued(file, text, index, index + words.length))
      .map(({ 0: words, index }) => ({
        file,
        line: text.slice(0, index).split("\n").length,
        fault,
        words: words.replaceAll(/\s+/g, " "),
      })),
  );
}

/** Blanks out what the command prints, which is checked in its source. Line numbers stay the same. */
function withoutOutput(text: string): string {
  const fences = /^```(\w*).*\n[\s\S]*?^```$/gm;
  return text.replaceAll(fences, (block, language) => (language === "" ? block.replaceAll(/[^\n]/g, "") : block));
}

function isArgued(file: string, text: string, start: number, end: number): boolean {
  return argued.some((one) => {
    const at = one.file === file ? text.indexOf(one.words) : -1;
    return at !== -1 && at < end && start < at + one.words.length;
  });
}

/** Rows of counts: one for each folder, with each fault in the order above. */
function counts(): readonly string[] {
  const rows = [...new Set(files.map(folderOf))].map((folder) => {
    const own = hits.filter(({ file }) => folderOf(file) === folder);
    const each = Object.keys(faults).map((fault) => own.filter((hit) => hit.fault === fault).length);
    return `${String(own.length).padStart(5)}  ${folder}  (${each.join(" ")})`;
  });
  return [...rows, `${String(hits.length).padStart(5)}  in all: ${Object.keys(faults).join("; ")}`];
}

function folderOf(file: string): string {
  return file
    .split("/")
    .slice(0, file.startsWith("packages") || file.startsWith("docs") ? 2 : 1)
    .join("/");
}
