import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test } from "node:test";
import { Output } from "../output.ts";
import { ProgressBar } from "./progress.ts";

const MIB = 1024 * 1024;

function barOn(isTTY: boolean): { readonly bar: ProgressBar; readonly written: string[] } {
  const written: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      written.push(String(chunk));
      done();
    },
  });
  return { bar: new ProgressBar(new Output(Object.assign(stream, { isTTY }))), written };
}

test("a long message shows its progress on a terminal, once per change, and the line is cleared at the end", () => {
  const { bar, written } = barOn(true);
  bar.progress(MIB, 4 * MIB);
  bar.progress(MIB + 1, 4 * MIB);
  bar.progress(5 * MIB, 4 * MIB);
  bar.clear();
  bar.clear();
  assert.equal(written.length, 3);
  assert.match(written[0] ?? "", / 25 % of 4\.0 MiB$/);
  assert.match(written[1] ?? "", /^\r\u001b\[2K█{30} 100 % of/);
  assert.equal(written[2], "\r\u001b[2K");
});

test("a message of unknown length shows what was sent", () => {
  const { bar, written } = barOn(true);
  bar.progress(2 * MIB, undefined);
  assert.match(written.join(""), /sent 2\.0 MiB$/);
});

test("a short message, or one sent without a terminal, shows nothing", () => {
  for (const [isTTY, total] of [
    [true, 1000],
    [false, 9 * MIB],
  ] as const) {
    const { bar, written } = barOn(isTTY);
    bar.progress(total, total);
    bar.clear();
    assert.deepEqual(written, []);
  }
});
