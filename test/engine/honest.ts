/**
 * What becomes of messages if a server is honest: it defers or refuses, says 421 and closes, or closes an idle
 * connection. `npm run honest -- COMMIT` prints the counts beside those of another version.
 */
import { assertTruth, burst, byBdat, byData, rigWith, stepwise, type Word } from "./client.ts";
import type { Behaviour, Fault, Moment } from "./behaviour.ts";

interface Kind {
  readonly name: string;
  readonly moments: readonly Moment[];
  readonly fault: Fault;
}

const kinds: readonly Kind[] = [
  { name: "550", moments: ["MAIL", "RCPT", "BDAT", "final"], fault: "550" },
  { name: "451", moments: ["MAIL", "RCPT", "BDAT", "final"], fault: "451" },
  { name: "421 to MAIL, then close", moments: ["MAIL"], fault: "421 and close" },
];
const [BEFORE, AFTER, LAST] = [8, 12, 16];
const ways = { BDAT: byBdat, DATA: byData, "step by step": stepwise };

const counts: Record<string, Record<string, number>> = {};
for (const capabilities of Object.values(ways)) {
  for (const delivery of ["replies", "ticks", "turns"] as const) {
    for (const { name, moments, fault } of kinds) {
      for (const moment of moments) {
        for (let which = 1; which <= LAST; which += 3) {
          const first: Behaviour = {
            capabilities,
            delivery,
            enhanced: true,
            fault: (now, count) => (now === moment && count === which ? fault : undefined),
          };
          await play(name, first, false);
        }
      }
    }
    await play("idle close", { capabilities, delivery, enhanced: true }, true);
  }
}
process.stdout.write(`${JSON.stringify(counts)}\n`);

async function play(name: string, first: Behaviour, closes: boolean): Promise<void> {
  const honest: Behaviour = { capabilities: first.capabilities, enhanced: true };
  const { server, mailer } = await rigWith((index) => (index === 0 ? first : honest), { pool: { connections: 1 } });
  const words = [...(await burst(mailer, "w", BEFORE))];
  if (closes) for (const connection of server.connections) connection.hangUp();
  words.push(...(await burst(mailer, "m", AFTER)));
  await mailer.close();
  assertTruth(words, server);
  tally(name, words);
}

function tally(name: string, words: readonly Word[]): void {
  const row = (counts[name] ??= {});
  for (const { receipt } of words) for (const { outcome } of receipt.recipients) row[outcome] = (row[outcome] ?? 0) + 1;
}
