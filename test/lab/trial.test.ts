/** No client changes what the lab says of it, or of another: not by what it does to its judge, its files or its machine. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { after, suite, test } from "node:test";
import { type LabOptions, makePrivateFolder, runLab } from "@postseal/lab";
import { postseal } from "../cli/command.ts";
import { commandOf, type Deed, deeds, errorsIn, runDeed } from "./own-clients.ts";

const folder = makePrivateFolder("trial");
Object.assign(process.env, { TMPDIR: folder });
after(() => rmSync(folder, { recursive: true }));
const { isolation } = await runLab({ subjects: [], vectors: [] });
const onlyInPrivate = { skip: isolation === "namespaces" ? false : "no namespaces on this machine" };

/** Without namespaces nothing keeps a client from these. */
const UNHINDERED: readonly string[] = ["mounts-at-home", "fills-disk", "signals-all", "forks"];

async function check(deed: Deed, options: Partial<LabOptions> = {}): Promise<void> {
  assert.deepEqual(errorsIn(await runDeed(deed, 2, options)), []);
  assert.deepEqual(readdirSync(folder), []);
  assert.deepEqual(ownClients(), []);
}

suite("in namespaces the truth is said of a client that", onlyInPrivate, () => {
  for (const deed of deeds) test(deed.what, () => check(deed));
});

suite("on loopback the truth is said of a client that", () => {
  for (const deed of deeds.filter(({ name }) => !UNHINDERED.includes(name)))
    test(deed.what, () => check(deed, { isolation: "loopback" }));
});

test("each trial has words of its own, of which the name of the machine is no part", onlyInPrivate, async () => {
  const { clients } = await runDeed(nothing(), 1);
  const runs = clients.flatMap((client) => client.runs);
  const words = runs.flatMap(({ canaries: { username, password, sender, recipient, body } }) => [
    username,
    password,
    sender,
    recipient,
    body,
  ]);
  assert.equal(new Set(words).size, runs.length * 5);
  const said = runs.flatMap(({ connections }) => connections.flatMap(({ entries }) => entries.map(({ text }) => text)));
  const names = said.flatMap((text) => /^ehlo (\S+)/im.exec(text)?.[1] ?? []);
  assert.deepEqual([...new Set(names)], ["client.example.test"]);
});

test("what was judged before an abort is reported, and so is what was not", async () => {
  const abort = new AbortController();
  const report = await runDeed(nothing(), 1, {
    signal: abort.signal,
    onRun: () => abort.abort(new Error("no more time")),
  });
  const judged = report.clients.flatMap(({ runs }) => runs.map(({ vector }) => vector));
  assert.deepEqual(judged, ["H-starttls"]);
  assert.deepEqual(
    report.unfinished?.map(({ reason }) => reason),
    ["no more time", "no more time", "no more time"],
  );
});

test("an abort before anything was judged is the error", async () => {
  const reason = new Error("no time at all");
  await assert.rejects(runDeed(nothing(), 1, { signal: AbortSignal.abort(reason) }), reason);
});

test("Ctrl-C prints the report of what was judged, and the exit code is that of an interruption", async () => {
  const ended = await postseal(
    ["lab", "run", "--json", "--timeout", "60", "--vector", "^A1-removed$", "--", ...commandOf("never-ends")],
    {
      environment: { TMPDIR: folder, PATH: process.env["PATH"] ?? "" },
      meanwhile: async (interrupt) => {
        // The second one is under attack, so the control is judged.
        const seen = new Set<string>();
        while (seen.size < 2) {
          for (const id of ownClients()) seen.add(id);
          await delay(20);
        }
        interrupt("SIGINT");
      },
    },
  );
  assert.equal(ended.code, 130, ended.stderr);
  const report: unknown = JSON.parse(ended.stdout);
  assert.partialDeepStrictEqual(report, {
    clients: [{ runs: [{ vector: "H-starttls", outcome: "delivered-sealed" }] }],
    unfinished: [{ vector: "A1-removed", reason: "interrupted by SIGINT" }],
  });
  assert.deepEqual(readdirSync(folder), []);
});

function nothing(): Deed {
  return { name: "nothing", what: "nothing" };
}

/** The ids of those that this test has started. Python itself is meant, and not what has started it. */
function ownClients(): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return /^\d+$/.test(pid) && /^[^\0]+\0[^\0]+\/own-client\.py\0/.test(line) && line.includes(folder);
    } catch {
      return false;
    }
  });
}
