/**
 * Runs the compiled tests on other versions of Node: `npm run test:dist`, or `npm run test:dist -- 22 26` for some of them.
 * The oldest versions that `engines` allows are among them, so that their support is tested and not assumed.
 */
import { execFileSync } from "node:child_process";
import { globSync, rmSync } from "node:fs";
import path from "node:path";
import { makePrivateFolder } from "@postseal/lab";

const versions: Readonly<Record<string, string>> = {
  "22.20": "22.20.0",
  "22": "22.23.3",
  "24.5": "24.5.0",
  "26": "26.10.0",
};
const FEWEST_FILES = 30;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(versions, name));
if (unknown.length > 0)
  throw new Error(`no such version: ${unknown.join(", ")}. Use ${Object.keys(versions).join(", ")}`);

const tests = globSync([
  "packages/*/dist/**/*.test.js",
  "build/test/{attack,scripts,testing,types}/**/*.test.js",
  // The others of test/oauth need a newer Node than the packages do.
  "build/test/oauth/{hostile-issuer,loopback,mailer,program-store,providers}.test.js",
  "build/test/docs/{testing,test-runners}.test.js",
]);
if (tests.length < FEWEST_FILES) throw new Error(`only ${tests.length} compiled test files: run npm run build`);

for (const name of asked.length > 0 ? asked : Object.keys(versions)) {
  const prefix = makePrivateFolder("node");
  try {
    const platform = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
    const wanted = `${platform}@${versions[name] ?? ""}`;
    const quiet = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    execFileSync("npm", ["install", ...quiet, "--prefix", prefix, wanted], { stdio: "inherit" });
    const node = path.join(prefix, "node_modules", platform, "bin", "node");
    process.stdout.write(`\n${execFileSync(node, ["--version"], { encoding: "utf8" }).trim()}\n`);
    execFileSync(node, ["--test", "--test-reporter=dot", ...tests], { stdio: "inherit" });
  } finally {
    rmSync(prefix, { recursive: true, force: true });
  }
}
