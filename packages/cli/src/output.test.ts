import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { Output } from "./output.ts";

const MESSAGE = "Subject: \u001b]0;owned\u0007x\r\n\r\n\u202eab\r\n";

function written(isTTY: boolean): string {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  new Output(stream).octets(Buffer.from(MESSAGE));
  return String(stream.read());
}

test("octets on a terminal are escaped, and its lines end as a terminal's do", () => {
  const shown = written(true);
  assert.doesNotMatch(shown, /[\u0007\u001b\u202e\r]/);
  assert.match(shown, /^Subject: .*x\n\n.*ab\n$/);
});

test("octets in a pipe or a file are what they are", () => {
  assert.equal(written(false), MESSAGE);
});
