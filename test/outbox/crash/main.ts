/**
 * `npm run test:outbox-crash -- --kills N`: so many kills at the named points, and as many at random times. Prints the figures, and
 * fails if a message was lost, or was doubled although it may not be.
 */
import { parseArgs } from "node:util";
import { killWorkers } from "./run.ts";

const { values } = parseArgs({ options: { kills: { type: "string", default: "20" } } });
const kills = Number(values.kills);
if (!Number.isInteger(kills) || kills < 1) throw new Error("--kills takes a whole number, 1 or more");

for (const random of [false, true]) {
  const began = performance.now();
  const figures = await killWorkers({ kills, random, messagesForEach: 24, log: () => undefined });
  const seconds = Math.round((performance.now() - began) / 1_000);
  process.stdout.write(
    `${random ? "at random times" : "at the named points"}, ${seconds} s: ${figures.kills} kills, ${figures.messages} messages, ` +
      `${figures.lost} lost, ${figures.doubled} doubled, ${figures.left} left over, ${figures.unknown} unknown ` +
      `(${figures.unknownTaken} of them taken), ${figures.redelivered} doubled by redeliver\n`,
  );
  if (figures.lost + figures.doubled + figures.left > 0) process.exitCode = 1;
}
