/** `postseal outbox`, as a process against a real server: what goes in comes out, once, and every question has an answer. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { canaries } from "@postseal/lab";
import { letter, OutboxDesk } from "./outbox-desk.ts";

test("a message is queued without a connection, sent by work, and no password is in the outbox", async () => {
  await using desk = await OutboxDesk.open();
  const queued = await desk.outbox(["enqueue", ...letter, "--key", "receipt/4711", "--tag", "receipt"]);
  const [, id = ""] = /^queued +([0-9a-f-]{36})\naccount +work\n$/.exec(queued) ?? [];
  assert.equal(statSync(path.dirname(desk.file)).mode & 0o777, 0o700);
  assert.equal(statSync(desk.file).mode & 0o777, 0o600);
  assert.deepEqual(await desk.fate(id), ["waiting", "pending"]);
  assert.equal(desk.server.messages.length, 0);
  const again = await desk.outbox(["enqueue", ...letter, "--key", "receipt/4711", "--tag", "receipt"]);
  assert.match(again, new RegExp(`^duplicate +${id}: `));
  const other = await desk.run(["outbox", "enqueue", ...letter, "--key", "receipt/4711", "--cc", "eve@example.org"]);
  assert.equal(other.code, 65);
  assert.match(other.stderr, /The key "receipt\/4711" is taken by another message/);
  const exported = await desk.outbox(["export", id]);
  const worked = await desk.outbox(["work", "--once"]);
  assert.match(
    worked,
    new RegExp(`^\\S+Z 1 finish ${id} <bob@example\\.org> accepted \\(250 2\\.0\\.0 Ok: captured\\)\n$`),
  );
  assert.equal(desk.server.messages.length, 1);
  assert.equal(desk.server.messages[0]?.raw.toString(), exported);
  assert.deepEqual(await desk.fate(id), ["done", "accepted"]);
  assert.match(await desk.outbox(["list"]), new RegExp(`^done +${id} to bob@example\\.org; ended \\S+Z; 1 attempt\n$`));
  assert.match(
    await desk.outbox(["show", id]),
    /^done +every.*^accepted +bob@example\.org \(250 .*^attempt 1 +finish; /ms,
  );
  assert.match(await desk.outbox(["explain", id]), /every recipient is decided/);
  assert.match(await desk.outbox(["stats"]), /^unknown +0\n.*^done +1$/ms);
  const octets = desk.octets().toString("latin1");
  assert.ok(octets.includes("bob@example.org"));
  assert.ok(!octets.includes(canaries.password) && !octets.includes(btoa(canaries.password)));
});

test("what is wrong is said in the words of the command", async () => {
  await using desk = await OutboxDesk.open();
  for (const [code, said, ...argv] of [
    [78, /there is no outbox at .*: postseal outbox enqueue makes one/, "stats"],
    [65, /--to \(number 2\)/, "enqueue", ...letter, "--to", "a b@example.org"],
    [64, /--tag \(number 1\): must be 1 to 64 letters/, "enqueue", ...letter, "--tag", "two words"],
    [64, /--expires: must be later than now and than --at/, "enqueue", ...letter, "--at", "2h", "--expires", "1h"],
    [64, /--server does not exist/, "enqueue", ...letter, "--server", "submission://x"],
    [64, /--delivered and --again exclude each other/, "resolve", "x", "--delivered", "--again"],
    [64, /--key: must be a text of 1 to 256 characters/, "enqueue", ...letter, "--key", ""],
    [64, /--stream: must be 1 to 64 letters/, "enqueue", ...letter, "--stream", "two words"],
    [64, /--follow and --limit exclude each other/, "events", "--follow", "--limit", "1"],
    [64, /"second" is one word too many; give one at a time/, "show", "first", "second"],
    [64, /--outbox needs the path of a file/, "stats", "--outbox", ""],
    [64, /--grace must be a whole number of seconds/, "work", "--grace", "long"],
    [64, /did you mean enqueue/, "enque"],
    [78, /there is no folder .*make it first/, "enqueue", ...letter, "--outbox", "/nonexistent/outbox.db"],
  ] as const) {
    const ended = await desk.run(["outbox", ...argv]);
    assert.equal(ended.code, code, `${argv.join(" ")}: ${ended.stdout}${ended.stderr}`);
    assert.match(ended.stderr, said, argv.join(" "));
    assert.equal(ended.stdout, "");
    assert.doesNotMatch(ended.stderr, /accounts\.|bug in Postseal/, argv.join(" "));
  }
});

test("POSTSEAL_URL alone does not queue, since no worker would have its password", async () => {
  await using desk = await OutboxDesk.open();
  const environment = { POSTSEAL_URL: desk.server.url };
  const { code, stderr } = await desk.run(["outbox", "enqueue", ...letter], { environment });
  assert.equal(code, 64);
  assert.match(stderr, /give --account NAME, or unset POSTSEAL_URL/);
  await desk.outbox(["enqueue", ...letter, "--account", "work"], { environment });
});

for (const [decision, sent] of [
  ["--delivered", 0],
  ["--again", 1],
] as const)
  test(`a message in doubt is held and never sent again by itself, until resolve ${decision}`, async () => {
    await using desk = await OutboxDesk.open();
    const id = await desk.enqueue();
    desk.server.failNext("cut");
    const { code, stdout, stderr } = await desk.run(["outbox", "work", "--once"]);
    assert.deepEqual([code, stdout], [0, ""]);
    assert.match(stderr, new RegExp(`doubt ${id} <bob@example\\.org> unknown`));
    assert.deepEqual(await desk.fate(id), ["held", "unknown"]);
    assert.match(await desk.outbox(["stats"]), /^unknown +1: postseal outbox list --state held$/m);
    const retried = await desk.run(["outbox", "retry", id]);
    assert.deepEqual([retried.code, retried.stdout], [1, ""]);
    assert.match(retried.stderr, /left as they are: 1 held\. .*in doubt takes resolve/);
    assert.equal(await desk.outbox(["resolve", id, decision]), "resolved: 1 message\n");
    desk.server.reset();
    // The account rests for some seconds after the cut.
    await desk.outbox(["resume"]);
    await desk.outbox(["work", "--once"]);
    assert.equal(desk.server.messages.length, sent);
    assert.deepEqual(await desk.fate(id), ["done", "accepted"]);
  });

test("what waits can be cancelled; what is done or not there cannot, and exit 1 says so", async () => {
  await using desk = await OutboxDesk.open();
  const id = await desk.enqueue({ tags: ["news"] });
  assert.equal(await desk.outbox(["cancel", "--tag", "news"]), "cancelled: 1 message\n");
  assert.deepEqual(await desk.fate(id), ["cancelled", "cancelled"]);
  for (const [said, ...argv] of [
    [/left as they are: 1 cancelled/, "cancel", id],
    [/there is no such message/, "cancel", "nonsense"],
    [/there is no message with this id/, "show", "nonsense"],
    [/the octets of this message are gone/, "export", id],
  ] as const) {
    const { code, stdout, stderr } = await desk.run(["outbox", ...argv]);
    assert.deepEqual([code, stdout], [1, ""], argv.join(" "));
    assert.match(stderr, said);
  }
});

test("a paused account sends nothing until it is resumed", async () => {
  await using desk = await OutboxDesk.open();
  const id = await desk.enqueue();
  assert.equal(await desk.outbox(["pause"]), "paused: work\n");
  await desk.outbox(["work", "--once"]);
  assert.deepEqual(await desk.fate(id), ["waiting", "pending"]);
  assert.match(await desk.outbox(["explain", id]), /The account work is paused/);
  assert.match(await desk.outbox(["stats"]), /^account +work is paused until postseal outbox resume --account work$/m);
  assert.equal(await desk.outbox(["resume", "--account", "work"]), "resumed: work\n");
  await desk.outbox(["work", "--once"]);
  assert.deepEqual(await desk.fate(id), ["done", "accepted"]);
  assert.equal(await desk.outbox(["purge", "--recipient", "bob@example.org"]), "forgotten: 1 message\n");
  assert.deepEqual(await desk.fate(id), []);
});

test("an account that only the outbox knows is paused too, with its first message", async () => {
  await using desk = await OutboxDesk.open();
  const outbox = await desk.library();
  await outbox.enqueue({ from: "shop@example.com", to: "bob@example.org", text: "Hi." }, { account: "shop" });
  await outbox.close();
  assert.equal(await desk.outbox(["pause"]), "paused: work\npaused: shop\n");
});

test("a misspelt account is not paused, and those that there are are named", async () => {
  await using desk = await OutboxDesk.open();
  await desk.enqueue({ account: "elsewhere" });
  for (const word of ["pause", "resume"]) {
    const { code, stdout, stderr } = await desk.run(["outbox", word, "--account", "wrok"]);
    assert.deepEqual([code, stdout], [64, ""]);
    assert.match(stderr, /no such account, neither in the configuration nor in the outbox; there are work, elsewhere/);
  }
  // Another program's account: there is a message of it.
  assert.equal(await desk.outbox(["pause", "--account", "elsewhere"]), "paused: elsewhere\n");
});

test("--json prints how many messages are marked as a number, though another field of that name is a time", async () => {
  const [arrived, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const receive = (): Promise<void> => {
    arrived.resolve();
    return answer.promise;
  };
  await using desk = await OutboxDesk.open({ receive });
  const id = await desk.enqueue();
  const states = async (): Promise<unknown> => JSON.parse(await desk.outbox(["stats", "--json"]));
  assert.partialDeepStrictEqual(await states(), { stats: { states: { waiting: 1, marked: 0 } } });
  await desk.run(["outbox", "work"], {
    meanwhile: async (interrupt) => {
      await arrived.promise;
      assert.partialDeepStrictEqual(await states(), { stats: { states: { waiting: 0, marked: 1 } } });
      const { stdout } = await desk.run(["outbox", "cancel", id, "--json"]);
      assert.deepEqual(JSON.parse(stdout), { ok: false, exitCode: 1, changed: 0, kept: { marked: 1 } });
      interrupt("SIGTERM");
      answer.resolve();
    },
  });
});

test("postseal send loads nothing of the outbox", async () => {
  await using desk = await OutboxDesk.open();
  const coverage = path.join(desk.desk.folder, "coverage");
  const loads = async (argv: readonly string[]): Promise<boolean> => {
    const { code, stderr } = await desk.run(argv, { environment: { NODE_V8_COVERAGE: coverage } });
    assert.equal(code, 0, stderr);
    const texts = readdirSync(coverage).map((name) => readFileSync(path.join(coverage, name), "utf8"));
    rmSync(coverage, { recursive: true });
    const urls = texts.flatMap((text) => text.match(/file:[^"]*\/packages\/[^"]*/g) ?? []);
    assert.ok(urls.length > 20, "hardly any file was seen");
    return urls.some((url) => readFileSync(new URL(url), "utf8").includes('name: "postseal outbox"'));
  };
  await desk.enqueue();
  assert.equal(await loads(["outbox", "stats"]), true);
  assert.equal(await loads(["send", ...letter]), false);
});

test("the configuration names the outbox, and its folder has to be there", async () => {
  await using desk = await OutboxDesk.open({ top: 'outbox = "../elsewhere/mail.db"' });
  const folder = path.join(desk.desk.folder, "elsewhere");
  const unmade = await desk.run(["outbox", "enqueue", ...letter]);
  assert.equal(unmade.code, 78);
  mkdirSync(folder, { mode: 0o700 });
  await desk.outbox(["enqueue", ...letter]);
  assert.ok(statSync(path.join(folder, "mail.db")).isFile());
});

test("an outbox that another user could have put there is refused: what is in it is sent in this user's name", async () => {
  await using desk = await OutboxDesk.open();
  await desk.enqueue();
  const open = path.join(desk.desk.folder, "open");
  mkdirSync(open);
  chmodSync(open, 0o777);
  symlinkSync(desk.file, path.join(open, "outbox.db"));
  const refused = async (argv: readonly string[], why: RegExp): Promise<void> => {
    const { code, stderr } = await desk.run(["outbox", ...argv]);
    assert.equal(code, 78, argv.join(" "));
    assert.match(stderr, why);
  };
  await refused(
    ["work", "--once", "--outbox", path.join(open, "outbox.db")],
    /sent in your name, but others can write its folder/,
  );
  await refused(["enqueue", ...letter, "--outbox", path.join(open, "new.db")], /others can write its folder/);
  chmodSync(desk.file, 0o620);
  await refused(["work", "--once"], /would be sent in your name, but others can write it/);
  assert.equal(desk.server.messages.length, 0);
});
