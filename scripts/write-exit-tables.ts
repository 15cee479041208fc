/** Writes the exit codes of the command into the guides, between their markers. A test compares the guides with them. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { pagesOfCommand, writer } from "./load-manual.ts";

const folder = new URL("../docs/guide/", import.meta.url);
const withExitTables = await writer("guides.ts", "withExitTables");
const pages = await pagesOfCommand();
for (const file of globSync("*.md", { cwd: folder })) {
  const guide = new URL(file, folder);
  writeFileSync(guide, String(withExitTables(readFileSync(guide, "utf8"), pages)));
}
