import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError, NetworkError } from "@postseal/mailer";
import { explainFailure } from "./failure.ts";

function told(field: string): string {
  return explainFailure({ kind: "failed", error: new InputError("MAIL_INPUT_OPTION", field, "is wrong") }).message;
}

test("an error about a field of the library names the option that it came from", () => {
  assert.equal(told("to[1]"), "--to (number 2): is wrong");
  assert.equal(told("tls.trust.pins[0]"), "--trust-pin (number 1): is wrong");
  assert.equal(told("attachments[2].path"), "--attach (number 3): is wrong");
  assert.equal(told("envelope.from"), "--from: is wrong");
  assert.equal(told("timeouts.body"), "timeouts.body: is wrong");
});

test("the note has the code to look up, the exit code, and what repeating would do", () => {
  const error = new NetworkError("MAIL_NETWORK_CONNECT", "connect", "No connection.");
  assert.equal(
    explainFailure({ kind: "failed", error }).note,
    "MAIL_NETWORK_CONNECT; exit 75; nothing was taken: trying again is safe, and just as strict",
  );
});

test("an unforeseen error is reported as a bug of Postseal, without a stack", () => {
  const { message, note } = explainFailure({ kind: "failed", error: new TypeError("x is not a function") });
  assert.equal(message, "unexpected failure: x is not a function");
  assert.match(note, /please report it/);
});
