/** Tokens that a program of the user's keeps: nothing of them is among its arguments. */
import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { makePrivateFolder } from "@postseal/lab";
import { InputError, Secret } from "@postseal/mailer";
import { OAuthError, programStore, type StoredTokens, type TokenStore } from "@postseal/oauth";

let folder: string;
before(async () => {
  folder = makePrivateFolder("program-store");
  // Keeps its input in a file, and its arguments in another one.
  await writeFile(
    path.join(folder, "keeper.mjs"),
    `import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
     const [, , file, verb] = process.argv;
     appendFileSync(file + ".arguments", JSON.stringify(process.argv) + "\\n");
     if (verb === "read" && existsSync(file)) process.stdout.write(readFileSync(file));
     if (verb === "write") writeFileSync(file, readFileSync(0));
     if (verb === "fail") { process.stdout.write("canary"); process.exit(3); }
     if (verb === "hang") setInterval(() => {}, 1000);`,
  );
});
after(() => rm(folder, { recursive: true }));

const at = new Date("2026-11-28T12:00:00Z");
const tokens: StoredTokens = {
  issuer: "https://id.example",
  clientId: "client",
  scope: "mail",
  tokenEndpoint: "https://id.example/token",
  servers: ["smtp.example.test"],
  refreshToken: new Secret("refresh-canary"),
  signedInAt: at,
  renewedAt: at,
};

function storeOf(name: string, verbs: { readonly read?: string; readonly write?: string } = {}): TokenStore {
  const file = path.join(folder, name);
  const words = (verb: string): readonly string[] => [process.execPath, path.join(folder, "keeper.mjs"), file, verb];
  const { read = "read", write = "write" } = verbs;
  return programStore({ read: words(read), write: words(write), lock: `${file}.lock` });
}

test("what the program got on its standard input is read again, and is forgotten", async () => {
  const store = storeOf("usual");
  assert.equal(await store.read(), undefined);
  await store.update(async (now) => {
    assert.equal(now, undefined);
    return tokens;
  });
  assert.equal((await store.read())?.refreshToken?.reveal(), "refresh-canary");
  assert.doesNotMatch(await readFile(path.join(folder, "usual.arguments"), "utf8"), /canary/);
  await store.remove();
  assert.equal(await store.read(), undefined);
});

test("changes go one after the other", async () => {
  const store = storeOf("turns");
  await store.update(async () => ({ ...tokens, scope: "" }));
  const add = (name: string): Promise<StoredTokens> =>
    store.update(async (now) => ({ ...tokens, scope: `${now?.scope ?? ""}${name}` }));
  await Promise.all(["a", "b", "c"].map(add));
  assert.equal((await store.read())?.scope.split("").toSorted().join(""), "abc");
});

test("a program that fails is named, and what it printed is not repeated", async () => {
  for (const store of [storeOf("failing", { read: "fail" }), storeOf("failing-to-write", { write: "fail" })])
    await assert.rejects(
      store.update(async () => tokens),
      (error: unknown) => {
        assert.ok(error instanceof OAuthError);
        assert.match(error.message, /failed: exited with 3/);
        assert.doesNotMatch(error.message, /canary/);
        return true;
      },
    );
  const file = path.join(folder, "kept");
  const keeper = [process.execPath, path.join(folder, "keeper.mjs"), file];
  const silent = [process.execPath, "--eval", "process.exit(3)"];
  const forgetful = { read: [...keeper, "read"], write: [...keeper, "write"], remove: silent, lock: `${file}.lock` };
  await assert.rejects(programStore(forgetful).remove(), /exited with 3/);
  // A keyring that has nothing says so by its status.
  assert.equal(await programStore({ ...forgetful, read: silent }).read(), undefined);
  await assert.rejects(
    programStore({ read: [path.join(folder, "missing")], write: ["true"], lock: path.join(folder, "m.lock") }).read(),
    /ENOENT/,
  );
});

test("options are judged strictly", () => {
  const lock = path.join(folder, "options.lock");
  for (const options of [
    { read: [], write: ["true"], lock },
    { read: ["cat"], write: ["a\0b"], lock },
    { read: ["cat"], write: ["true"], lock: "" },
    { read: ["cat"], write: ["true"], lock, shell: true },
  ])
    assert.throws(() => programStore(options), InputError);
});
