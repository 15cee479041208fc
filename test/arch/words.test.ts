/** A server's exact words may hold a secret: only the files named here read them, and they make no text for people from them. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";

const source = "packages/mailer/src";
/** The protocol needs only two kinds of exact words: a server's offer and a mechanism's challenges. */
const readers = ["protocol/auth.ts", "protocol/capabilities.ts", "wire/reply-parser.ts", "wire/reply.ts"];

function filesWith(pattern: RegExp): readonly string[] {
  const files = globSync("**/*.ts", { cwd: source }).filter((file) => !file.endsWith(".test.ts"));
  assert.ok(files.length > 100, "the sources were not found");
  return files.filter((file) => pattern.test(readFileSync(`${source}/${file}`, "utf8"))).toSorted();
}

test("only the protocol reads a server's exact words", () => {
  assert.deepEqual(filesWith(/\bverbatim(?:Of)?\b/), readers);
});

test("a mailer has one list of secrets, which its session context makes; an HTTPS request has one of its own", () => {
  assert.deepEqual(filesWith(/new Concealment\(/), ["https/sealed-https.ts", "session/context.ts"]);
});

test("a server's octets become text only in files that strike out secrets", () => {
  assert.deepEqual(filesWith(/new ReplyParser\(/), ["net/channel.ts"]);
  // Excerpts serve as evidence in errors; `handshake.ts` strikes secrets out of certificates.
  assert.deepEqual(filesWith(/\.excerpt\(/), ["tls/clear-channel.ts", "wire/reply-parser.ts"]);
});
