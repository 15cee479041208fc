/** `npm run kill:oauth -- 200`: kills so many processes while they write the tokens of a sign-in. */
import { rm } from "node:fs/promises";
import { makePrivateFolder } from "@postseal/lab";
import { killWriters } from "./killed-writer.ts";

const folder = makePrivateFolder("kill-writers");
try {
  const { kills, kept, swept } = await killWriters(folder, Number(process.argv[2] ?? 200));
  process.stdout.write(
    `${kills} kills: ${kept.old} times the old token, ${kept.new} times the new one, never neither; ${swept} drafts swept\n`,
  );
} finally {
  await rm(folder, { recursive: true });
}
