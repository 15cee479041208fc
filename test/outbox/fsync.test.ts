/** What is said to be on the disk is: one fsync for each commit, counted by the system, and few of them while sending. With a window of 8, 0.13 to 0.14 for a message were seen. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { rigFor } from "./rig.ts";

const PROGRAM = path.join(import.meta.dirname, "crash/counted.ts");
const SINGLES = 50;
const TOGETHER = 1_000;

function hasStrace(): boolean {
  try {
    execFileSync("strace", ["-f", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test(
  "one fsync for each commit, and less than one for four messages that are sent",
  { skip: hasStrace() ? false : "needs strace" },
  async (t) => {
    const { location, account, folder, server } = await rigFor(t, { account: { pool: { window: 8 } } });
    const trace = path.join(folder, "trace");
    const words = ["-f", "-qq", "-e", "trace=fsync,fdatasync,access,faccessat,faccessat2", "-o", trace];
    const child = spawn("strace", [...words, process.execPath, "--conditions=@postseal/source", PROGRAM], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child.send({ location, account, singles: SINGLES, together: TOGETHER });
    await once(child, "exit");
    assert.equal(server.messages.length, SINGLES + TOGETHER);
    const counts = new Map<string, number>();
    let syncs = 0;
    for (const line of readFileSync(trace, "utf8").split("\n")) {
      const [, mark] = /\/proc\/mark-([a-z]+)"/.exec(line) ?? [];
      if (mark !== undefined && !line.includes("resumed")) {
        counts.set(mark, syncs);
        syncs = 0;
      } else if (/\bf(?:data)?sync\(/.test(line)) syncs += 1;
    }
    t.diagnostic(JSON.stringify(Object.fromEntries(counts)));
    // A checkpoint may come in between: two more.
    const [singles = 0, together = 0, drained = Infinity] = ["singles", "together", "drained"].map((name) =>
      counts.get(name),
    );
    assert.ok(singles >= SINGLES && singles <= SINGLES + 4, `${singles} for ${SINGLES} messages one by one`);
    assert.ok(together >= 1 && together <= TOGETHER / 4, `${together} for ${TOGETHER} messages at once`);
    assert.ok(drained < 0.25 * (SINGLES + TOGETHER), `${drained} to send ${SINGLES + TOGETHER}`);
  },
);
