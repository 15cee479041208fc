/**
 * Plays the tests of one file whose names match, and reports each to the process that started this: `play.ts FILE PATTERN…`. The file
 * is loaded here, so that ending this process ends the tests.
 */
import { flushCompileCache } from "node:module";
import { run } from "node:test";
import { inspect } from "node:util";

export interface Report {
  readonly kind: "begun" | "passed" | "failed";
  readonly name: string;
  /** Of a failure: the error. */
  readonly why?: string;
}

const [file, ...patterns] = process.argv.slice(2);
if (file === undefined) throw new TypeError("name a test file");
const report = (one: Report): void => void process.send?.(one);

const chosen = patterns.length === 0 ? {} : { testNamePatterns: patterns.map((one) => new RegExp(one)) };
const tests = run({ files: [file], isolation: "none", ...chosen });
tests.on("test:dequeue", ({ name }) => report({ kind: "begun", name }));
tests.on("test:pass", ({ name, details, skip }) => {
  if (details.type === "test" && skip === undefined) report({ kind: "passed", name });
});
tests.on("test:fail", ({ name, details: { error } }) => {
  // This process may be ended at once.
  flushCompileCache();
  report({ kind: "failed", name, why: inspect(error.cause ?? error) });
});
tests.resume();
