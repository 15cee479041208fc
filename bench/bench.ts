/** `npm run bench`: measures Postseal and its peers in turns against one sink. `--help` lists the options. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Contestant, contestants } from "./contestants.ts";
import { help, type Options, parseOptions } from "./options.ts";
import { drawChart } from "./report/chart.ts";
import { curlVersion, describeMachine, isBusy, pythonVersion } from "./report/machine.ts";
import { fillPage, sectionsOf } from "./report/page.ts";
import type { Race, Results } from "./report/results.ts";
import { coldStarts } from "./rig/cold-start.ts";
import { countAll } from "./rig/peer-counts.ts";
import { race } from "./rig/race.ts";
import { fastSink, Rig } from "./rig/rig.ts";

const root = new URL("../", import.meta.url);
const options = parseOptions(process.argv.slice(2));
if (typeof options !== "string") {
  await bench(options);
} else if (options === "") {
  process.stdout.write(help);
} else {
  process.stderr.write(`${options}\n\n${help}`);
  process.exitCode = 64;
}

async function bench(chosen: Options): Promise<void> {
  const machine = describeMachine(["nodemailer", "@upyo/smtp", "emailjs"]);
  if (isBusy(machine))
    say(`the load is ${machine.load.toFixed(2)}: trust the counts, the CPU less, and the rates not at all`);
  if (chosen.builds) build();
  const present = contestants.filter(isPresent);
  const results: Results = { machine, rounds: chosen.rounds, ...(await measure(chosen, present)) };
  for (const [name, text] of sectionsOf(results)) {
    const title = results.races.find(({ scenario }) => scenario === name)?.title ?? name;
    process.stdout.write(`${title}\n\n${text}\n`);
  }
  keep(results, chosen.writes);
}

async function measure(
  chosen: Options,
  present: readonly Contestant[],
): Promise<Pick<Results, "races" | "cold" | "counts">> {
  await using rig = await Rig.create();
  const races: Race[] = [];
  for (const scenario of chosen.scenarios) {
    say(scenario.title);
    await using sink = await rig.startSink({ ...fastSink, chunking: scenario.chunking });
    const rows = await race(rig, sink, scenario, present, { rounds: chosen.rounds, batch: chosen.batch, say: sayMore });
    races.push({ scenario: scenario.id, title: scenario.title, rows });
  }
  if (chosen.withCold) say("cold start");
  const cold = chosen.withCold ? await coldStarts(rig, { rounds: 2 * chosen.rounds, say: sayMore }) : [];
  if (chosen.withCounts) say("round trips, commands, records");
  const counts = chosen.withCounts ? await countAll(rig, present, sayMore) : [];
  return { races, cold, counts };
}

function keep(results: Results, isForDocs: boolean): void {
  const folder = new URL(isForDocs ? "bench/" : "build/bench/", root);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL("results.json", folder), `${JSON.stringify(results, undefined, 2)}\n`);
  if (results.races.length > 0) writeFileSync(new URL("results.svg", folder), drawChart(results));
  if (isForDocs) {
    const page = new URL("docs/benchmarks.md", root);
    writeFileSync(page, fillPage(readFileSync(page, "utf8"), sectionsOf(results)));
    run("node_modules/.bin/oxfmt", "docs/benchmarks.md", "bench/results.json");
  }
  say(`written to ${fileURLToPath(folder)}`);
}

function isPresent({ driver }: Contestant): boolean {
  if (driver === "smtplib") return pythonVersion() !== undefined;
  if (driver === "curl") return pythonVersion() !== undefined && curlVersion() !== undefined;
  return true;
}

function build(): void {
  run("node_modules/.bin/tsc", "-b", "packages/cli", "bench");
  run("scripts/bundle.ts");
}

function run(script: string, ...words: readonly string[]): void {
  execFileSync(process.execPath, [fileURLToPath(new URL(script, root)), ...words], {
    cwd: root,
    stdio: ["ignore", process.stderr, "inherit"],
  });
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function sayMore(text: string): void {
  process.stderr.write(`  ${text}\n`);
}
