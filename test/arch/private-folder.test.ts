/** Temporary folders are made in one place: another user could create a fixed name in a shared folder first. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

/** The one module, this test, and what cannot import the module and calls mkdtemp itself: tests of the mailer and of the outbox, a script in Python. */
const MAKERS: readonly string[] = [
  "packages/lab/src/isolation/private-folder.ts",
  "packages/mailer/src/message/attachment.test.ts",
  "packages/mailer/src/message/compose.test.ts",
  "packages/mailer/src/message/own-methods.test.ts",
  "packages/mailer/src/message/ready-message.test.ts",
  "packages/mailer/src/protocol/framing.test.ts",
  "packages/outbox/src/conformance/engines.ts",
  "scripts/second-judge/judge.py",
  "test/arch/private-folder.test.ts",
];
const MAKING = /\btmpdir\b|\bmkdtemp|\btempfile\b|\benv(?:\.|\[")(?:TMPDIR|TEMP|TMP)\b/;
/** A string that begins with the path of a shared folder. */
const FIXED = /["'`](?:\/var)?\/(?:tmp|dev\/shm)\//;

const files = globSync("{packages,test,scripts,bench,examples}/**/*.{ts,mts,js,mjs,py,sh,pl,rb,php,go}", {
  exclude: (name) => /^(node_modules|dist|bundle)$/.test(path.basename(name)),
}).map((file) => file.split(path.sep).join("/"));

test("no other file makes a temporary folder, or uses a fixed name in a shared folder", () => {
  assert.ok(files.length > 600, `saw ${files.length} files`);
  for (const maker of MAKERS) assert.ok(files.includes(maker), maker);
  const made = files.filter((file) => MAKING.test(readFileSync(file, "utf8")));
  assert.deepEqual(made.toSorted(), MAKERS.toSorted());
  const fixed = files.filter((file) => !MAKERS.includes(file) && FIXED.test(readFileSync(file, "utf8")));
  assert.deepEqual(fixed, []);
});

test("shell scripts make temporary folders with mktemp -d, and name no shared folder", () => {
  const scripts = [
    ...globSync("{packages,scripts,test}/**/*.sh", { exclude: (name) => /node_modules/.test(name) }),
    ".ci/run",
  ];
  assert.ok(scripts.length >= 3, `saw ${scripts.length} scripts`);
  for (const script of scripts) {
    const text = readFileSync(script, "utf8");
    assert.doesNotMatch(text, /\/tmp\b|\bTMPDIR\b/, script);
    for (const [line] of text.matchAll(/^.*\bmktemp\b.*$/gm)) assert.match(line, /\$\(mktemp -d\)/, script);
  }
});
