/** Tokens in a file: nobody else may see it, and it is whole if a process dies. */
import assert from "node:assert/strict";
import { execFileSync, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, link, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { makePrivateFolder } from "@postseal/lab";
import { Secret } from "@postseal/mailer";
import { fileStore, OAuthError, type StoredTokens } from "@postseal/oauth";
import { killWriters } from "./killed-writer.ts";

const CANARY = "refresh-canary-4711";
let folder: string;
before(() => {
  folder = makePrivateFolder("file-store");
});
after(() => rm(folder, { recursive: true }));

const at = new Date("2026-11-28T12:00:00Z");
const tokens: StoredTokens = {
  issuer: "https://id.example",
  clientId: "client",
  scope: "mail offline_access",
  tokenEndpoint: "https://id.example/token",
  servers: ["smtp.example.test"],
  accessToken: new Secret("access-canary-4711"),
  expiresAt: new Date("2026-11-28T13:00:00Z"),
  refreshToken: new Secret(CANARY),
  signedInAt: at,
  renewedAt: at,
  retryAfter: undefined,
  ended: undefined,
  resource: undefined,
};

/** A file of its own, with these tokens in it. */
async function stored(name: string): Promise<string> {
  const file = path.join(folder, name, "work.json");
  await fileStore(file).update(async () => tokens);
  return file;
}

const plain = (found: StoredTokens | undefined): unknown =>
  found && { ...found, accessToken: found.accessToken?.reveal(), refreshToken: found.refreshToken?.reveal() };

test("what was stored is read again, and only this user may see it", async () => {
  const file = await stored("usual");
  assert.deepEqual(plain(await fileStore(file).read()), plain(tokens));
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal((await stat(path.dirname(file))).mode & 0o777, 0o700);
  assert.deepEqual((await readdir(path.dirname(file))).toSorted(), ["work.json", "work.json.lock"]);
  await fileStore(file).remove();
  assert.equal(await fileStore(file).read(), undefined);
});

test("without a file nothing is stored", async () => {
  assert.equal(await fileStore(path.join(folder, "none", "work.json")).read(), undefined);
});

const bad: readonly (readonly [name: string, spoil: (file: string) => Promise<unknown>, says: RegExp])[] = [
  ["a link", async (file) => replaced(file, (to) => symlink(to, file)), /is a link/],
  ["a file that others can read", (file) => chmod(file, 0o644), /can be read by other users/],
  ["a second name", (file) => link(file, `${file}.other`), /has a second name/],
  ["a pipe", (file) => rm(file).then(() => execFileSync("mkfifo", [file])), /is no file/],
  ["a folder", (file) => rm(file).then(() => mkdir(file)), /is no file/],
  ["too much", (file) => writeFile(file, " ".repeat(70_000)), /more than 64 KiB/],
  ["something else", (file) => writeFile(file, `{"refreshToken":"${CANARY}"}`), /is not one that was written here/],
  ["half of it", async (file) => writeFile(file, (await readFile(file, "utf8")).slice(0, 200)), /is not one that was/],
];

/** Moves the file away, and puts something else in its place. */
async function replaced(file: string, put: (to: string) => Promise<void>): Promise<void> {
  const to = `${file}.moved`;
  await writeFile(to, await readFile(file), { mode: 0o600 });
  await rm(file);
  await put(to);
}

for (const [name, spoil, says] of bad)
  test(`${name} in the place of the file is not used`, async () => {
    const file = await stored(name.replaceAll(" ", "-"));
    await spoil(file);
    await assert.rejects(fileStore(file).read(), (error: unknown) => {
      assert.ok(error instanceof OAuthError);
      assert.match(error.message, says);
      assert.ok(!inspect(error, { depth: 9 }).includes(CANARY));
      return true;
    });
  });

test("a folder that others can write is not used", async () => {
  const file = await stored("open-folder");
  await chmod(path.dirname(file), 0o777);
  await assert.rejects(
    fileStore(file).update(async () => tokens),
    /can be written by other users: chmod 700/,
  );
});

test("a draft that a dead process has left is swept", async () => {
  const file = await stored("drafts");
  await writeFile(`${file}.0123456789abcdef.new`, CANARY, { mode: 0o600 });
  await fileStore(file).update(async () => tokens);
  assert.deepEqual((await readdir(path.dirname(file))).toSorted(), ["work.json", "work.json.lock"]);
});

test("a change that fails leaves everything as it was", async () => {
  const file = await stored("failing");
  const whole = await readFile(file);
  await assert.rejects(
    fileStore(file).update(async () => {
      throw new TypeError("the issuer is away");
    }),
    /the issuer is away/,
  );
  assert.deepEqual(await readFile(file), whole);
  assert.deepEqual((await readdir(path.dirname(file))).toSorted(), ["work.json", "work.json.lock"]);
});

test(
  "a full disk shows before the issuer is asked, and nothing is lost",
  { skip: process.platform !== "linux" },
  async () => {
    const file = await stored("full");
    const whole = await readFile(file, "utf8");
    const program = fileURLToPath(new URL(`./child/writer${path.extname(import.meta.url)}`, import.meta.url));
    const flags = process.execArgv.filter((flag) => flag.startsWith("--conditions"));
    const argv = [process.execPath, ...flags, program, file, "new-token", "0", "before"];
    // Files may have this many blocks of 1,024 octets: none, or enough for the lock.
    for (const blocks of ["0", "4"]) {
      const child = spawn("bash", ["-c", `ulimit -f ${blocks}; exec "$@"`, "bash", ...argv], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      const [printed, complaint] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
      assert.equal(printed, "", blocks);
      assert.match(complaint, /MAIL_AUTH_CREDENTIALS/);
      assert.match(complaint, blocks === "0" ? /the lock of the sign-in.*\(EFBIG\)/i : /cannot be written \(EFBIG\)/);
      assert.equal(await readFile(file, "utf8"), whole);
      assert.deepEqual((await readdir(path.dirname(file))).toSorted(), ["work.json", "work.json.lock"]);
    }
    // The lock is free again.
    await fileStore(file).update(async () => tokens);
  },
);

test("a process that is killed at any step leaves the old tokens or the new ones, whole, and its drafts are swept", async () => {
  const place = path.join(folder, "killed");
  await mkdir(place, { mode: 0o700 });
  const { kills, kept, swept } = await killWriters(place);
  assert.ok(kills >= 20, `${kills} kills`);
  assert.ok(kept.new > 0 && kept.old > 0 && swept > 0, JSON.stringify({ kept, swept }));
});

test("the lock of a process that was killed is taken over", async () => {
  const file = await stored("taken-over");
  const program = fileURLToPath(new URL(`./child/holder${path.extname(import.meta.url)}`, import.meta.url));
  const holder = fork(program, [file], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await once(holder, "message");
  const later = fileStore(file).update(async (now) => ({ ...tokens, scope: now?.scope ?? "", clientId: "next" }));
  holder.kill("SIGKILL");
  assert.equal((await later).clientId, "next");
});

test("a process that was stopped for so long that another one took over writes nothing over what that one wrote", async () => {
  const file = await stored("stopped");
  const program = fileURLToPath(new URL(`./child/holder${path.extname(import.meta.url)}`, import.meta.url));
  const holder = fork(program, [file], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await once(holder, "message");
  holder.kill("SIGSTOP");
  await fileStore(file).update(async () => ({ ...tokens, clientId: "newer" }));
  holder.kill("SIGCONT");
  const answered = once(holder, "message");
  const exited = once(holder, "exit");
  holder.send("finish");
  const [answer]: unknown[] = await answered;
  assert.equal(answer, "newer");
  assert.equal((await fileStore(file).read())?.clientId, "newer");
  await exited;
});
