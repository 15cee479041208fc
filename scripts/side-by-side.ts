/**
 * Runs commands at the same time, and fails if one of them fails. The output of the first one is passed on as it comes, that of each
 * other one whole, at the end.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

const runs = process.argv.slice(2).map(async (command, index) => {
  const isFirst = index === 0;
  const child = spawn(`(${command}) 2>&1`, { shell: true, stdio: ["ignore", isFirst ? "inherit" : "pipe", "inherit"] });
  const [, output] = await Promise.all([once(child, "close"), child.stdout === null ? "" : text(child.stdout)]);
  return { command, isPassed: child.exitCode === 0, output };
});
for (const { command, isPassed, output } of await Promise.all(runs)) {
  process.stdout.write(output);
  if (isPassed) continue;
  process.stderr.write(`\nFailed: ${command}\n`);
  process.exitCode = 1;
}
