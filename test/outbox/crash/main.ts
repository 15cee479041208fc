/**
 * `npm run test:outbox-crash -- --kills N`: so many kills at the named points, and as many at random times; fewer of workers whose
 * messages have several recipients; and fifty processes that queue the same message. Prints the figures, and fails if a message was
 * lost, was doubled although it may not be, or went again to somebody for whom it had been accepted.
 */
import { rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { makePrivateFolder } from "@postseal/lab";
import { createOutbox } from "@postseal/outbox";
import { queueByProcesses } from "./key.ts";
import { killWorkers } from "./run.ts";
import { mixed, oneRecipient, parts, type Scenario, unannouncedParts } from "./scenarios.ts";

const { values } = parseArgs({ options: { kills: { type: "string", default: "20" } } });
const kills = Number(values.kills);
if (!Number.isInteger(kills) || kills < 1) throw new Error("--kills takes a whole number, 1 or more");

/** Each kill costs the start of a process, so the scenarios of several recipients get fewer. */
const [half, quarter] = [Math.ceil(kills / 2), Math.ceil(kills / 4)];
const runs: readonly (readonly [scenario: Scenario, random: boolean, kills: number])[] = [
  [oneRecipient, false, kills],
  [oneRecipient, true, kills],
  [mixed, false, half],
  [mixed, true, quarter],
  [parts, false, half],
  [unannouncedParts, true, quarter],
];
for (const [scenario, random, count] of runs) {
  const began = performance.now();
  const figures = await killWorkers({ scenario, kills: count, random, messagesForEach: 24, log: () => undefined });
  const seconds = Math.round((performance.now() - began) / 1_000);
  process.stdout.write(
    `${scenario.name}, ${random ? "at random times" : "at the named points"}, ${seconds} s: ${figures.kills} kills, ` +
      `${figures.messages} messages to ${figures.recipients} recipients, ${figures.lost} lost, ${figures.doubled} doubled, ` +
      `${figures.repeated} repeated, ${figures.left} left over, ${figures.unknown} unknown (${figures.unknownTaken} of them taken), ` +
      `${figures.redelivered} doubled by redeliver\n`,
  );
  if (figures.lost + figures.doubled + figures.repeated + figures.left > 0) process.exitCode = 1;
}

const PROCESSES = 50;
const folder = makePrivateFolder("outbox-key");
try {
  const location = `sqlite:${path.join(folder, "mail.db")}`;
  await (await createOutbox(location)).close();
  const answers = await queueByProcesses(location, PROCESSES);
  const [fresh, again] = ["new", "duplicate"].map((word) => answers.filter((answer) => answer === word).length);
  process.stdout.write(`one key, ${PROCESSES} processes: ${fresh} new, ${again} duplicate\n`);
  if (fresh !== 1 || again !== PROCESSES - 1) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
