/**
 * Has the clients of own-clients.ts and faulty-clients.ts judged again and again, on an idle machine and beside two loops that compute, and prints a
 * table: `node --conditions=@postseal/source test/lab/repeat-trials.ts [TIMES] [DEED...]`. 50 times take about half an hour.
 */
import { readdirSync, rmSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { makePrivateFolder } from "@postseal/lab";
import { type FaultyCase, faultyCases, outcomesOf } from "./faulty-clients.ts";
import { type Deed, deeds, errorsIn, runDeed, truth } from "./own-clients.ts";

const [, , times = "50", ...names] = process.argv;
const folder = makePrivateFolder("repeat");
Object.assign(process.env, { TMPDIR: folder });
const chosen = deeds.filter(({ name }) => names.length === 0 || names.includes(name));
const faulty = faultyCases.filter(({ client }) => names.length === 0 || names.includes(client));
process.stdout.write("| client | load | true verdicts | seconds | left |\n| --- | --- | --- | --- | --- |\n");
for (const loops of [0, 2]) {
  const load = Array.from({ length: loops }, () => new Worker("for (;;);", { eval: true }));
  for (const deed of chosen) process.stdout.write(`${await row(deed, loops)}\n`);
  for (const one of faulty) process.stdout.write(`${await faultyRow(one, loops)}\n`);
  await Promise.all(load.map((loop) => loop.terminate()));
}
rmSync(folder, { recursive: true });

async function row(deed: Deed, loops: number): Promise<string> {
  const started = performance.now();
  const errors = await errorsOf(deed);
  const all = Number(times) * Object.keys(truth).length;
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  const left = readdirSync(folder).length;
  for (const error of errors) process.stderr.write(`${error}\n`);
  return `| ${deed.what} | ${loops} loops | ${all - errors.length} of ${all} | ${seconds} | ${left} |`;
}

async function faultyRow(one: FaultyCase, loops: number): Promise<string> {
  const started = performance.now();
  const outcomes = await outcomesOf(one, Number(times));
  const right = outcomes.filter((outcome) => outcome === one.outcome).length;
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  const what = `${one.client} at ${one.vector}: ${one.outcome}`;
  return `| ${what} | ${loops} loops | ${right} of ${times} | ${seconds} | ${readdirSync(folder).length} |`;
}

async function errorsOf(deed: Deed): Promise<readonly string[]> {
  try {
    return errorsIn(await runDeed(deed, Number(times)));
  } catch (error) {
    return [`${deed.name}: ${String(error)}`];
  }
}
