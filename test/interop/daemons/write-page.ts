/** `npm run docs:daemons`: runs the comparison, and writes its table into docs/reference/sendmail-inputs.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { compare } from "./comparison.ts";
import { formatTable, tableOf } from "./page.ts";

const page = new URL("../../../docs/reference/sendmail-inputs.md", import.meta.url);
const table = formatTable(tableOf(await compare()));
const [before = ""] = readFileSync(page, "utf8").split(/^\|/m, 1);
writeFileSync(page, `${before}${table}\n`);
