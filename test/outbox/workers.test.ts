/** Several processes: one that is killed, one that is stopped and goes on, two at once. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Outbox } from "@postseal/outbox";
import { startWorker, stopped } from "./crash/child.ts";
import { queueByProcesses } from "./crash/key.ts";
import { partPoints, type Plan, points } from "./crash/points.ts";
import { killWorkers } from "./crash/run.ts";
import { mixed, oneRecipient, parts } from "./crash/scenarios.ts";
import type { Task } from "./crash/worker.ts";
import { letter, rigFor } from "./rig.ts";

/** Milliseconds; the least that an outbox allows. */
const SILENCE = 1_000;

/** A worker process that stops itself at a point. It is continued, or ends with the test. */
function stoppedAt(t: TestContext, task: Omit<Task, "plans">, point: Plan["point"]): ReturnType<typeof startWorker> {
  const child = startWorker({ ...task, plans: [{ point, time: 1, signal: "SIGSTOP" }] });
  t.after(async () => {
    child.process.kill("SIGKILL");
    await child.ended;
  });
  return child;
}

/** Waits until the message has the state; only the test's own deadline limits it. */
async function become(outbox: Outbox, id: string, wanted: string): Promise<void> {
  for await (const { id: which, state } of outbox.events({ follow: true }))
    if (which === id && state === wanted) return;
}

for (const [what, scenario, kills] of [
  ["killed once at each named point", oneRecipient, points.length],
  ["killed in the second attempt, after some recipients were accepted in the first", mixed, points.length],
  ["killed between the parts of a message", parts, partPoints.length],
] as const)
  test(`${what}, nothing is lost, nothing doubled, and nothing sent again that was accepted`, async (t) => {
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    const figures = await killWorkers({ scenario, kills, random: false, messagesForEach: 12, log });
    t.diagnostic(JSON.stringify(figures));
    const { lost, doubled, repeated, left } = figures;
    assert.deepEqual({ lost, doubled, repeated, left }, { lost: 0, doubled: 0, repeated: 0, left: 0 });
    const messages = 12 * kills;
    assert.deepEqual(
      [figures.kills, figures.messages, figures.recipients, lines.length],
      [kills, messages, messages * scenario.recipients.length, kills],
    );
  });

test("a worker that sleeps before its mark and wakes up late sends nothing", { timeout: 60_000 }, async (t) => {
  const { server, outbox, location, account } = await rigFor(t, { silence: SILENCE });
  const { id } = await outbox.enqueue(letter);
  const sleeper = stoppedAt(t, { location, account, silence: SILENCE }, "before the mark");
  // Only now, so that it is the sleeper that has the message.
  await stopped(sleeper);
  const worker = outbox.work();
  // Nobody has sent it yet: the other one takes it once the sleeper counts as dead.
  await become(outbox, id, "done");
  sleeper.process.kill("SIGCONT");
  const next = await outbox.enqueue({ ...letter, subject: "next" });
  await become(outbox, next.id, "done");
  await worker.close();
  sleeper.process.kill("SIGTERM");
  await sleeper.ended;
  const subjects = server.messages.map(({ headers }) => headers.get("subject")?.[0]);
  assert.deepEqual(subjects, ["Hello", "next"]);
});

test(
  "a worker that sleeps after its mark brings late evidence: what was in doubt is done",
  { timeout: 60_000 },
  async (t) => {
    const { server, outbox, location, account } = await rigFor(t, { silence: SILENCE });
    const { id } = await outbox.enqueue(letter);
    const sleeper = stoppedAt(t, { location, account, silence: SILENCE }, "mark committed");
    await stopped(sleeper);
    const worker = outbox.work();
    await become(outbox, id, "held");
    assert.equal(server.messages.length, 0);
    await worker.close();
    sleeper.process.kill("SIGCONT");
    await become(outbox, id, "done");
    assert.equal(server.messages.length, 1);
    assert.equal((await outbox.stats()).unknown, 0);
  },
);

test("two worker processes share the work, and no message is sent twice", { timeout: 60_000 }, async (t) => {
  const { server, outbox, location, account } = await rigFor(t);
  const count = 60;
  await Promise.all(Array.from({ length: count }, (_, at) => outbox.enqueue({ ...letter, subject: String(at) })));
  const workers = [1, 2].map(() => startWorker({ location, account, silence: 60_000, plans: [] }));
  for (let seen = 0; seen < count; seen++) await server.nextMessage({ timeout: 30_000 });
  for (const { process } of workers) process.kill("SIGKILL");
  await Promise.all(workers.map(({ ended }) => ended));
  assert.equal(new Set(server.messages.map(({ headers }) => headers.get("subject")?.[0])).size, count);
  assert.equal(server.messages.length, count);
});

test("a key is taken once by several processes", { timeout: 120_000 }, async (t) => {
  const { outbox, location } = await rigFor(t);
  const answers = await queueByProcesses(location, 10);
  assert.equal(answers.filter((answer) => answer === "new").length, 1);
  assert.equal(answers.filter((answer) => answer === "duplicate").length, 9);
  assert.equal((await outbox.list()).length, 1);
});
