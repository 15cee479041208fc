import assert from "node:assert/strict";
import { test } from "node:test";
import { NetworkError, phases } from "../errors/network-error.ts";
import { closedBy, late, lostWithAnother } from "./loss.ts";

const peer = "mx.example:587";
test("an error says in words what was awaited", () => {
  for (const phase of phases) {
    for (const { message } of [closedBy(peer, phase), late(peer, phase, 1_500)]) {
      assert.match(message, / (?:the|another) [a-zA-Z ]+(?: within 1\.5 s)?\.$/);
      assert.doesNotMatch(message, /[()]|final-reply|starttls/);
    }
  }
});

test("the error of each later message says once what ended the first", () => {
  const cause = closedBy(peer, "final-reply");
  const second = lostWithAnother(peer, cause, "envelope");
  const third = lostWithAnother(peer, second, "envelope");
  for (const error of [second, third]) {
    assert.ok(error instanceof NetworkError);
    assert.equal(error.message.split(cause.message).length, 2, error.message);
    assert.equal(error.cause, cause);
    assert.equal(error.message.split("ended with another message on it").length, 2);
  }
});
