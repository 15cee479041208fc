/** What a server says word for word may hold a secret: who reads it makes no text for people of it, and is named here. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";

const source = "packages/mailer/src";
/** The offer of a server and the challenges of a mechanism are the only words that the protocol goes by. */
const readers = ["protocol/auth.ts", "protocol/capabilities.ts", "wire/reply-parser.ts", "wire/reply.ts"];

function filesWith(pattern: RegExp): readonly string[] {
  const files = globSync("**/*.ts", { cwd: source }).filter((file) => !file.endsWith(".test.ts"));
  assert.ok(files.length > 100, "the sources were not found");
  return files.filter((file) => pattern.test(readFileSync(`${source}/${file}`, "utf8"))).toSorted();
}

test("what a server said word for word is read for the protocol alone", () => {
  assert.deepEqual(filesWith(/\bverbatim(?:Of)?\b/), readers);
});

test("there is one list of secrets for a mailer, and its session context makes it", () => {
  assert.deepEqual(filesWith(/new Concealment\(/), ["session/context.ts"]);
});

test("octets of a server become text where secrets are struck out, and in no other file", () => {
  assert.deepEqual(filesWith(/new ReplyParser\(/), ["net/channel.ts"]);
  // As evidence; certificates are in `handshake.ts`.
  assert.deepEqual(filesWith(/\.excerpt\(/), ["tls/clear-channel.ts", "wire/reply-parser.ts"]);
});
