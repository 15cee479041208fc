/** `npm run soak:oauth -- 200 100`: 200 processes killed while they write tokens, and 100 rounds of 8 that renew at once. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { makePrivateFolder } from "@postseal/lab";
import { killWriters } from "./killed-writer.ts";
import { rotate } from "./rotate.ts";
import { createStand } from "./stand.ts";

const [, , fewest = "200", rounds = "100"] = process.argv;
const folder = makePrivateFolder("soak");
try {
  await using stand = await createStand();
  await rotate(stand, path.join(folder, "rotated"), Number(rounds));
  process.stdout.write(`${rounds} rounds of 8 processes: one renewal in each, and the sign-in lives\n`);
  const { kills, kept, swept } = await killWriters(folder, Number(fewest));
  process.stdout.write(
    `${kills} kills: ${kept.old} times the old token, ${kept.new} times the new one, never neither; ${swept} drafts swept\n`,
  );
} finally {
  await rm(folder, { recursive: true });
}
