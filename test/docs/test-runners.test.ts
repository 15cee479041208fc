/** The guide's tests run in Vitest and in Jest, and so does a test with a mistake, which has to fail there. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { installedFolder } from "./installed-folder.ts";
import { blocksIn, type Ended, type ProgramFolder } from "./program-folder.ts";

interface Runner {
  readonly name: string;
  /** The module that its tests import. */
  readonly module: string;
  readonly words: readonly string[];
  readonly passed: RegExp;
  readonly failed: RegExp;
}

/** Five and ten seconds are not enough for a machine with much else to do. */
const LONG = ["testTimeout", "hookTimeout", "teardownTimeout"];

const runners: readonly Runner[] = [
  {
    name: "Vitest",
    module: "vitest",
    words: ["node_modules/vitest/vitest.mjs", "run", "--reporter=verbose", ...LONG.map((name) => `--${name}=60000`)],
    passed: /Tests\s+2 passed \(2\)/,
    failed: /Tests\s+1 failed \| 1 passed \(2\)/,
  },
  {
    name: "Jest",
    module: "@jest/globals",
    words: [
      "--experimental-vm-modules",
      "node_modules/jest/bin/jest.js",
      "--verbose",
      "--watchman=false",
      "--no-cache",
      "--testTimeout=60000",
    ],
    passed: /Tests:\s+2 passed, 2 total/,
    failed: /Tests:\s+1 failed, 1 passed, 2 total/,
  },
];
const [block = ""] = blocksIn("docs/guide/testing.md", "js");
/** Its second test is not for the recipient for whom it asks a failure. It passes by itself. */
const WRONG = block.replace(
  /server\.failNext\("450"\);[\s\S]*/,
  `server.failNext({ at: "recipient", recipients: ["gone@example.org"], reply: "550 5.1.1 No such user" });
  await expect(sendNews("bob@example.org")).rejects.toBeDefined();
});
`,
);

let folder: ProgramFolder;
before(async () => {
  folder = await installedFolder();
});
after(() => folder[Symbol.dispose]());

for (const { name, module, words, passed, failed } of runners) {
  const run = async (file: string, program: string): Promise<Ended> => {
    assert.ok(program.includes('"vitest"'));
    folder.write(file, program.replace('"vitest"', `"${module}"`));
    // Jest leaves a cache in the folder for temporary files.
    return folder.run(process.execPath, [...words, file], {
      NO_COLOR: "1",
      ...(name === "Jest" ? { TMPDIR: folder.path } : {}),
    });
  };

  test(`the guide's tests pass in ${name}`, async () => {
    const { code, stdout, stderr } = await run(`news-${name}.test.js`, block);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout + stderr, passed);
  });

  test(`a failure that cannot happen fails the test in ${name}`, async () => {
    const { code, stdout, stderr } = await run(`wrong-${name}.test.js`, WRONG);
    assert.equal(code, 1);
    assert.match(stdout + stderr, failed);
    assert.match(stdout + stderr, /did not happen, since the message was not for gone@example\.org/);
  });
}
