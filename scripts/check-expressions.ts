/**
 * `npm run expressions`: lists every regular expression of the packages with the time it may take, and fails if one is not
 * proved linear. Any of them may meet text from outside; the table of exceptions says why some never do.
 */
import { globSync, readFileSync } from "node:fs";
import { type Exception, exceptions } from "./expressions/exceptions.ts";
import { type Expression, findExpressions } from "./expressions/find.ts";
import { judge, type Verdict } from "./expressions/judge.ts";

const SOURCES = "packages/*/{src,bin,drivers}/**/*.{ts,mjs,js}";
/** If the search finds fewer than these, it is broken. */
const [FEWEST_FILES, FEWEST_EXPRESSIONS] = [330, 240];
/** Bad expressions that the tool has to recognise, which shows in each run that it works. */
const BAD: readonly (readonly [source: string, verdict: Verdict])[] = [
  ["^(?:[a-z]+|\\.)+$", "exponential"],
  [" +$", "polynomial"],
  ["<a [^>]*b[^>]*>", "polynomial"],
];

const files = globSync(SOURCES, { exclude: (name) => name.endsWith(".test.ts") }).toSorted();
const expressions = files.flatMap((file) => findExpressions(file, readFileSync(file, "utf8")));
const verdicts = await Promise.all(expressions.map((expression) => judge(expression)));
const unused = new Set(exceptions);
const wrong: string[] = [];

for (const [index, expression] of expressions.entries()) {
  const verdict = verdicts[index] ?? "unknown";
  const exception = exceptionFor(expression, verdict);
  if (exception !== undefined) unused.delete(exception);
  const line = `${verdict.padEnd(11)}  ${written(expression)}`;
  process.stdout.write(`${line}${exception === undefined ? "" : `\n${" ".repeat(13)}${exception.why}`}\n`);
  if (verdict !== "linear" && exception === undefined) wrong.push(`not proved linear: ${line}`);
}
for (const { file, source } of unused) wrong.push(`an exception that is not needed: ${file}  /${source}/`);
for (const [source, expected] of BAD) {
  const verdict = await judge({ source, flags: "", dynamic: false });
  if (verdict !== expected) wrong.push(`the tool says ${verdict} of /${source}/, which is ${expected}`);
}
if (files.length < FEWEST_FILES || expressions.length < FEWEST_EXPRESSIONS)
  wrong.push("the search found too few files or expressions");

process.stdout.write(`\n${files.length} files, ${expressions.length} expressions, ${exceptions.length} exceptions\n`);
for (const what of wrong) process.stderr.write(`${what}\n`);
if (wrong.length > 0) process.exitCode = 1;

function exceptionFor({ file, source }: Expression, verdict: Verdict): Exception | undefined {
  return exceptions.find((one) => one.file === file && one.source === source && one.verdict === verdict);
}

function written({ file, line, source, flags, dynamic }: Expression): string {
  return `${file}:${line}  ${dynamic ? source : `/${source}/${flags}`}`;
}
