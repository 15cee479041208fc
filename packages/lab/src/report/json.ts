/** A report for programs: packages/lab/report.schema.json has its shape, docs/reference/lab-report.md its meaning. */
import type { Report } from "./report.ts";

/** One line, with a line end. */
export function formatJson(report: Report): string {
  return `${inertJson(report)}\n`;
}

/** In ASCII and without "<", so that the texts of servers and clients cannot affect a terminal or an HTML parser. */
export function inertJson(value: unknown): string {
  // defence: json-steers-nothing
  return JSON.stringify(value).replace(
    /[<\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
