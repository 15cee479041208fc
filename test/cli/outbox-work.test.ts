/** `postseal outbox work` as a service: it ends in order, in a hurry or by force, and nothing is lost or sent twice. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { command } from "./command.ts";
import { compiled } from "../compiled.ts";
import { OutboxDesk } from "./outbox-desk.ts";

/** The server has the whole message, and does not answer before the test says so. */
function heldServer() {
  const [arrived, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const receive = (): Promise<void> => {
    arrived.resolve();
    return answer.promise;
  };
  return { receive, arrived: arrived.promise, answer: answer.resolve };
}

test("SIGTERM ends work in order: the message that is under way is finished, and the exit code is 0", async () => {
  const { receive, arrived, answer } = heldServer();
  await using desk = await OutboxDesk.open({ receive });
  const id = await desk.enqueue();
  const { code, stdout } = await desk.run(["outbox", "work"], {
    meanwhile: async (interrupt) => {
      await arrived;
      interrupt("SIGTERM");
      answer();
    },
  });
  assert.equal(code, 0);
  assert.match(stdout, /^working on .*outbox\.db through work; Ctrl-C ends it\n.* finish /);
  assert.deepEqual(await desk.fate(id), ["done", "accepted"]);
});

test("after --grace what has no answer is unknown, and the exit code is still 0", async () => {
  const { receive, arrived, answer } = heldServer();
  await using desk = await OutboxDesk.open({ receive });
  const id = await desk.enqueue();
  const { code, stderr } = await desk.run(["outbox", "work", "--grace", "0"], {
    meanwhile: async (interrupt) => {
      await arrived;
      interrupt("SIGTERM");
    },
  });
  assert.equal(code, 0, stderr);
  answer();
  assert.match(stderr, new RegExp(`doubt ${id}`));
  assert.doesNotMatch(stderr, /Nothing was taken/, "the message may have been taken");
  assert.deepEqual(await desk.fate(id), ["held", "unknown"]);
});

test("work --once says what a signal has left in doubt", async () => {
  const { receive, arrived, answer } = heldServer();
  await using desk = await OutboxDesk.open({ receive });
  const id = await desk.enqueue();
  const { code, stderr } = await desk.run(["outbox", "work", "--once", "--grace", "0"], {
    meanwhile: async (interrupt) => {
      await arrived;
      interrupt("SIGINT");
    },
  });
  answer();
  assert.equal(code, 130, stderr);
  assert.match(stderr, new RegExp(`doubt ${id} <bob@example\\.org> unknown`));
  assert.doesNotMatch(stderr, /Nothing was taken/);
});

/** The command, whose lines a test can wait for. */
function started(desk: OutboxDesk, argv: readonly string[], stream: "stdout" | "stderr") {
  const child = spawn(process.execPath, [...command, "outbox", ...argv], { env: { ...compiled, ...desk.environment } });
  const [exit, errors] = [once(child, "exit"), stream === "stderr" ? undefined : text(child.stderr)];
  return { child, exit, errors, lines: createInterface({ input: child[stream] })[Symbol.asyncIterator]() };
}

test("work says at its start which account is stopped, and how it goes on", async () => {
  await using desk = await OutboxDesk.open();
  await desk.enqueue();
  await desk.outbox(["pause"]);
  const { child, exit, errors, lines } = started(desk, ["work"], "stdout");
  await lines.next();
  child.kill("SIGTERM");
  await exit;
  assert.match((await errors) ?? "", /^account work is paused until postseal outbox resume --account work$/m);
});

test("a second signal ends work at once, and what has no answer is in doubt for the next one", async () => {
  const { receive, arrived, answer } = heldServer();
  await using desk = await OutboxDesk.open({ receive });
  const id = await desk.enqueue();
  const { child, exit, lines } = started(desk, ["work"], "stderr");
  await arrived;
  child.kill("SIGTERM");
  assert.match(
    String((await lines.next()).value),
    /^ending: what is under way has 25 s; a second signal ends it at once$/,
  );
  child.kill("SIGTERM");
  await exit;
  assert.equal(child.signalCode, "SIGTERM");
  answer();
  await desk.outbox(["work", "--once"]);
  assert.deepEqual(await desk.fate(id), ["held", "unknown"]);
});

test("SIGTERM ends work --once in order too, and exit 143 says that not all was tried", async () => {
  const { receive, arrived, answer } = heldServer();
  await using desk = await OutboxDesk.open({ receive });
  const id = await desk.enqueue();
  const { child, exit, lines } = started(desk, ["work", "--once"], "stderr");
  await arrived;
  child.kill("SIGTERM");
  assert.match(String((await lines.next()).value), /^ending: /);
  answer();
  const rest = [await lines.next(), await lines.next()].map(({ value }) => String(value));
  assert.deepEqual(rest, [
    "postseal: interrupted by SIGTERM: what was under way has ended, and the rest waits",
    "  exit 143",
  ]);
  await exit;
  assert.equal(child.exitCode, 143);
  assert.deepEqual(await desk.fate(id), ["done", "accepted"]);
});

test("events --follow prints what happens, one object a line with --json, until a signal; exit 0", async () => {
  await using desk = await OutboxDesk.open();
  const id = await desk.enqueue();
  await using outbox = await desk.library();
  const { child, exit, lines, errors } = started(desk, ["events", "--follow", "--after", "0", "--json"], "stdout");
  await outbox.cancel({ id });
  const event: unknown = JSON.parse(String((await lines.next()).value));
  assert.partialDeepStrictEqual(event, { seq: 1, id, kind: "cancel", state: "cancelled" });
  child.kill("SIGINT");
  await exit;
  assert.deepEqual([child.exitCode, await errors], [0, ""]);
});

test("a worker that is killed before the answer leaves a message in doubt, and the next one does not send it again", async () => {
  const { receive, arrived, answer } = heldServer();
  await using desk = await OutboxDesk.open({ receive });
  const id = await desk.enqueue();
  const killed = await desk.run(["outbox", "work"], {
    meanwhile: async (interrupt) => {
      await arrived;
      interrupt("SIGKILL");
    },
  });
  assert.equal(killed.code, null);
  answer();
  const next = await desk.enqueue();
  await desk.outbox(["work", "--once"]);
  assert.deepEqual(await desk.fate(id), ["held", "unknown"]);
  assert.deepEqual(await desk.fate(next), ["done", "accepted"]);
  const ids = desk.server.messages.map(({ headers }) => headers.get("message-id")?.[0]);
  assert.equal(new Set(ids).size, ids.length, "a message came twice");
});

test("cron's mail survives a server that is down: sendmail queues it silently, and work sends it later", async () => {
  await using desk = await OutboxDesk.open({ keys: 'queue = true\nlog = "../sendmail.log"' });
  // Nobody listens there.
  desk.configured(9);
  const stdin = "From: root (Cron Daemon)\nTo: bob@example.org\nSubject: Cron\n\nh\u00e4lt an\n";
  const taken = await desk.run(["sendmail", "-t", "-oi"], { stdin });
  assert.deepEqual([taken.code, taken.stdout, taken.stderr], [0, "", ""]);
  const [id = ""] =
    /[0-9a-f-]{36}$/.exec(readFileSync(path.join(desk.desk.folder, "sendmail.log"), "utf8").trim()) ?? [];
  assert.match(
    readFileSync(path.join(desk.desk.folder, "sendmail.log"), "utf8"),
    /^\S+Z queued exit=0 account=work from=<alice@example\.com> to=<bob@example\.org> id=[0-9a-f-]{36}\n$/,
  );
  const down = await desk.run(["outbox", "work", "--once"]);
  assert.equal(down.code, 0);
  assert.match(down.stderr, /^\S+Z No connection to 127\.0\.0\.1:9 \(ECONNREFUSED\)/m);
  assert.deepEqual(await desk.fate(id), ["waiting", "pending"]);
  desk.configured(desk.server.port);
  // The account rests after a failure; a person need not wait.
  await desk.outbox(["resume"]);
  await desk.outbox(["work", "--once"]);
  assert.deepEqual(await desk.fate(id), ["done", "accepted"]);
  const [stored] = desk.server.messages;
  // Nobody has asked a server yet whether it takes octets over 127.
  assert.match(stored?.raw.toString() ?? "", /h=C3=A4lt an/);
  const unusable = { XDG_STATE_HOME: path.join(desk.desk.folder, "password") };
  const failed = await desk.run(["sendmail", "-t"], { stdin, environment: unusable });
  assert.equal(failed.code, 78);
  assert.match(failed.stderr, /its folder cannot be made \(ENOTDIR\)/);
});
