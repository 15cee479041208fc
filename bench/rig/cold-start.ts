/** Measures the time from the start of a process to the acceptance of its one message, and to its end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ColdRow } from "../report/results.ts";
import { median, spreadOf } from "../report/statistics.ts";
import { fastSink, type Rig, type Sink } from "./rig.ts";

export interface ColdOptions {
  readonly rounds: number;
  readonly say: (text: string) => void;
}

export async function coldStarts(rig: Rig, { rounds, say }: ColdOptions): Promise<readonly ColdRow[]> {
  await using sink = await rig.startSink(fastSink);
  const starters = startersOf(rig, sink).map((starter) => ({ ...starter, runs: new Array<Run>() }));
  // The first round fills the caches of files and of compiled code, and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { words, environment, sends, runs } of starters) {
      const run = await start(sink, words, environment, sends);
      if (round > 0) runs.push(run);
    }
    say(round === 0 ? "warm" : `round ${round} of ${rounds}`);
  }
  const empty = median(starters.flatMap(({ sends, runs }) => (sends ? [] : runs.map(({ ended }) => ended))));
  return starters.map(({ name, runs }) => {
    const accepted = spreadOf(runs.map((run) => run.accepted));
    return { name, accepted, ended: spreadOf(runs.map((run) => run.ended)), aboveEmpty: accepted.median - empty };
  });
}

interface Starter {
  readonly name: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly sends: boolean;
}

interface Run {
  readonly accepted: number;
  readonly ended: number;
}

function startersOf(rig: Rig, sink: Sink): readonly Starter[] {
  const facts = [String(sink.endpoint.port), rig.caFile, rig.passwordFile];
  const nodemailer = [script("nodemailer"), ...facts];
  // The command turns its compile cache on itself; this puts the cache into a folder that is removed at the end.
  const cache = { NODE_COMPILE_CACHE: path.join(rig.folder, "compiled") };
  const launcher = fileURLToPath(new URL("../../packages/cli/bin/postseal.js", import.meta.url));
  const server = `submissions://bench@127.0.0.1:${sink.endpoint.port}`;
  const trust = ["--ca-only", rig.caFile, "--password-file", rig.passwordFile];
  const addresses = ["--from", "reports@example.com", "--to", "recipient@example.org"];
  const content = ["--subject", "Report", "--text", "Nothing to report."];
  const postseal = [launcher, "send", "--server", server].concat(trust, addresses, content);
  return [
    { name: "an empty Node", words: [script("empty")], environment: {}, sends: false },
    { name: "a script with Nodemailer", words: nodemailer, environment: {}, sends: true },
    { name: "the same, with a compile cache", words: nodemailer, environment: cache, sends: true },
    { name: "`postseal send`", words: postseal, environment: cache, sends: true },
    { name: "a script with a raw socket", words: [script("raw"), ...facts], environment: {}, sends: true },
  ];
}

function script(name: string): string {
  return fileURLToPath(new URL(`../../build/bench/cold/${name}.js`, import.meta.url));
}

async function start(
  sink: Sink,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  sends: boolean,
): Promise<Run> {
  await sink.reset();
  const began = process.hrtime.bigint();
  const child = spawn(process.execPath, [...words], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { HOME: "/nonexistent", ...environment },
  });
  await once(child, "exit");
  const ended = seconds(process.hrtime.bigint() - began);
  if (!sends) return { accepted: ended, ended };
  const tally = await sink.tally();
  if (tally.messages !== 1) throw new Error(`${words.join(" ")}: ${tally.messages} messages came, not 1`);
  return { accepted: seconds(tally.lastAcceptedAt - began), ended };
}

function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9;
}
