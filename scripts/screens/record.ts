/**
 * Records the screens of docs/guide/in-the-terminal.md: a person's session in tmux, with servers in a private network that
 * ends with it. `npm run docs:screens` writes them; `--check` reports whether they are still right. Needs Linux, root, tmux.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { screens } from "./session.ts";
import { openStage } from "./stage.ts";
import { withScreens } from "./page.ts";

const page = new URL("../../docs/guide/in-the-terminal.md", import.meta.url);
const INSIDE = "--inside";
const given = process.argv.slice(2);

if (given.includes(INSIDE)) {
  await record(given.includes("--check"));
} else {
  const own = [process.execPath, ...process.execArgv, import.meta.filename, ...given, INSIDE];
  // Everything that is started in these namespaces ends with them.
  const namespaces = [
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "--propagation",
    "private",
  ];
  process.exitCode = spawnSync("unshare", [...namespaces, ...own], { stdio: "inherit" }).status ?? 1;
}

async function record(check: boolean): Promise<void> {
  await using stage = await openStage();
  const before = readFileSync(page, "utf8");
  const after = withScreens(before, await screens(stage));
  if (!check) {
    writeFileSync(page, after);
  } else if (before !== after) {
    process.stdout.write(`${after}\nThe guide shows other screens than these: npm run docs:screens\n`);
    process.exitCode = 1;
  }
}
