/** A report for programs: packages/lab/report.schema.json has its shape, docs/reference/lab-report.md its meaning. */
import type { Report } from "./report.ts";

/** One line, with a line end. In ASCII, so that what servers and clients said cannot steer a terminal that it is shown on. */
export function formatJson(report: Report): string {
  return `${JSON.stringify(report).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}
