/**
 * `npm run chaos -- --seconds 600 --server Postfix --seed 7`: real servers, while everything goes wrong around them.
 * Defaults: 60 seconds, both servers one after the other, and a random seed, which is printed.
 */
import { parseArgs } from "node:util";
import { createAuthority } from "../servers/pki.ts";
import { type Report, runChaos, type ServerName } from "./chaos.ts";
import { faultsOf } from "./verdict.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    server: { type: "string" },
    seed: { type: "string", default: String(Math.trunc(Math.random() * 2 ** 31)) },
    only: { type: "string", multiple: true },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
if (!(seconds > 0) || !Number.isInteger(seed)) throw new TypeError("--seconds and --seed take numbers");
const both: readonly ServerName[] = ["Postfix", "Exim"];
const servers = both.filter((name) => values.server === undefined || values.server === name);
if (servers.length === 0) throw new TypeError(`--server is one of ${both.join(", ")}`);

let unhandled = 0;
process.on("unhandledRejection", (error) => {
  unhandled += 1;
  process.stderr.write(`unhandled: ${String(error)}\n`);
});
await using authority = await createAuthority();
for (const server of servers) {
  process.stdout.write(`${server}, seed ${seed}, ${seconds / servers.length} s\n`);
  const report = await runChaos({
    server,
    seed,
    milliseconds: (seconds * 1_000) / servers.length,
    authority,
    only: values.only,
  });
  print(report);
}
if (unhandled > 0) process.exitCode = 1;

function print(report: Report): void {
  const { given, accepted, unknown, missing, denied, doubled, hung, impatient, idle } = report;
  process.stdout.write(
    `  ${given} messages: ${accepted} accepted, ${unknown} unknown, ${given - accepted - unknown} not accepted\n` +
      `  accepted but missing ${missing.length}, not accepted but there ${denied.length}, doubled ${doubled.length}, hung ${hung}, unhandled ${unhandled}\n` +
      `  failed too early in an outage ${impatient.length}; at most ${idle.connections} connections and ${idle.logins} logins in a minute that carried nothing\n`,
  );
  const width = Math.max(...report.incidents.map(({ name }) => name.length));
  const names = [...new Set(report.incidents.map(({ name }) => name))];
  process.stdout.write(`  ${"incident".padEnd(width)}  times  longest  slowest recovery\n`);
  for (const name of names) {
    const all = report.incidents.filter((one) => one.name === name);
    const [lasted, recovered] = [all.map((one) => one.lasted), all.map((one) => one.recovered)].map(
      (times) => `${(Math.max(...times) / 1_000).toFixed(1)} s`,
    );
    process.stdout.write(
      `  ${name.padEnd(width)}  ${String(all.length).padStart(5)}  ${String(lasted).padStart(7)}  ${String(recovered).padStart(16)}\n`,
    );
  }
  for (const fault of faultsOf(report)) {
    process.exitCode = 1;
    process.stdout.write(`  FAULT ${fault}\n`);
  }
}
