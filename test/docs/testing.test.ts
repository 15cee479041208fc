/** The programs of docs/guide/testing.md and of the package's README run unchanged. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { startTestServer } from "@postseal/testing";
import { blocksIn, ProgramFolder } from "./program-folder.ts";

const GUIDE = "docs/guide/testing.md";
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

for (const [page, passes] of [
  [GUIDE, [1, 3, 1]],
  ["packages/testing/README.md", [1]],
] as const) {
  test(`the tests in ${page} pass`, async () => {
    using folder = new ProgramFolder();
    const blocks = blocksIn(page, "ts");
    assert.equal(blocks.length, passes.length);
    for (const [index, block] of blocks.entries()) {
      const file = folder.write(`block-${index}.test.ts`, block);
      const { code, stdout } = await folder.node(["--test", "--test-reporter=spec", file]);
      assert.equal(code, 0, stdout);
      assert.match(stdout, new RegExp(`^ℹ pass ${passes[index] ?? 0}$`, "m"));
    }
  });
}

/** As much of Vitest as the guide's block uses. */
const VITEST = `
  import assert from "node:assert/strict";
  export { after as afterAll, afterEach, before as beforeAll, test } from "node:test";
  export const expect = (value) => ({
    toEqual: (wanted) => assert.deepEqual(value, wanted),
    rejects: {
      toMatchObject: async (wanted) => {
        const error = await value.then(() => assert.fail("it did not reject"), (reason) => reason);
        for (const [key, member] of Object.entries(wanted)) assert.deepEqual(error[key], member);
      },
    },
  });
`;

test("the tests for Vitest in the guide pass", async () => {
  using folder = new ProgramFolder();
  folder.write("vitest.js", VITEST);
  const [block = ""] = blocksIn(GUIDE, "js");
  const file = folder.write("news.test.js", block.replace('"vitest"', '"./vitest.js"'));
  const { code, stdout } = await folder.node(["--test", "--test-reporter=spec", file]);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^ℹ pass 2$/m);
});

test("the guide's Python program sends to the server in its environment", async () => {
  using folder = new ProgramFolder();
  await using server = await startTestServer();
  const [program = ""] = blocksIn(GUIDE, "py");
  const { code, stderr } = await folder.run(python, [folder.write("send.py", program)], {
    MAIL_HOST: server.host,
    MAIL_PORT: String(server.port),
    MAIL_USERNAME: server.username,
    MAIL_PASSWORD: server.password,
    MAIL_CA_FILE: server.caFile,
  });
  assert.equal(code, 0, stderr);
  assert.deepEqual((await server.nextMessage()).headers.get("subject"), ["Your receipt"]);
});

test("the guide names every failure", () => {
  const type = /export type Failure = (.*);/.exec(readFileSync("packages/testing/src/failure.ts", "utf8"))?.[1] ?? "";
  const names = [...type.matchAll(/"(\w+)"/g)].map(([name]) => name);
  const rows = [...readFileSync(GUIDE, "utf8").matchAll(/^\| `("\w+")`/gm)].map(([, name]) => name);
  assert.ok(names.length > 0);
  assert.deepEqual(rows, names);
});
