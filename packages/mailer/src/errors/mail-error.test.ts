import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { AuthenticationError } from "./authentication-error.ts";
import { CapabilityError } from "./capability-error.ts";
import { mailErrorCodes } from "./codes.ts";
import { FaultError } from "./fault-error.ts";
import { InputError } from "./input-error.ts";
import { copyOf, MailError, receiptOf } from "./mail-error.ts";
import { NetworkError } from "./network-error.ts";
import { ProtocolError } from "./protocol-error.ts";
import { ReplyError } from "./reply-error.ts";
import { RuntimeError } from "./runtime-error.ts";
import { AbortedError } from "./aborted-error.ts";
import { SessionError } from "./session-error.ts";
import { TlsError } from "./tls-error.ts";
import { UnknownOutcomeError } from "./unknown-outcome-error.ts";

const cause = new Error("underneath");
const reply = { code: 450, text: "later" };
/** Each class as it is thrown, its name, and what repeating may do. */
const errors: readonly (readonly [MailError, string, MailError["disposition"]])[] = [
  [new InputError("MAIL_INPUT_OPTION", "tls", "no", cause), "InputError", "give-up"],
  [new NetworkError("MAIL_NETWORK_LOST", "idle", "lost", cause), "NetworkError", "retry"],
  [new ProtocolError("MAIL_EHLO_REFUSED", "no", "502", "give-up"), "ProtocolError", "give-up"],
  [new ProtocolError("MAIL_PROTOCOL_MALFORMED_REPLY", "no", ""), "ProtocolError", "retry"],
  [new TlsError("MAIL_TLS_POLICY", "no", { disposition: "give-up", cause }), "TlsError", "give-up"],
  [new AuthenticationError("MAIL_AUTH_REFUSED", "no"), "AuthenticationError", "give-up"],
  [
    new AuthenticationError("MAIL_AUTH_DEFERRED", "no", { disposition: "retry", reply }),
    "AuthenticationError",
    "retry",
  ],
  [new ReplyError("MAIL_DEFERRED", "later", reply), "ReplyError", "retry"],
  [new ReplyError("MAIL_REFUSED", "no", reply), "ReplyError", "give-up"],
  [new CapabilityError("MAIL_CAPABILITY_MISSING", "DSN", "no"), "CapabilityError", "give-up"],
  [new UnknownOutcomeError("mx.example:587", cause), "UnknownOutcomeError", "ask"],
  [new SessionError("spent"), "SessionError", "give-up"],
  [new FaultError(new TypeError("no")), "FaultError", "give-up"],
  [new FaultError(new TypeError("no"), true), "FaultError", "ask"],
  [new RuntimeError("Bun 1.0"), "RuntimeError", "give-up"],
];
for (const [error, name, disposition] of errors) {
  test(`${name} ${error.code} says what repeating may do: ${disposition}`, () => {
    assert.ok(error instanceof MailError);
    assert.deepEqual([error.name, error.disposition], [name, disposition]);
    assert.ok(mailErrorCodes.includes(error.code));
    assert.equal(error.receipt, undefined);
    assert.ok(inspect(error).startsWith(name), "a printed error begins with its name");
  });
}

test("every code is listed once", () => {
  assert.equal(new Set(mailErrorCodes).size, mailErrorCodes.length);
});

test("a cause is kept, and none is made up", () => {
  assert.equal(errors[0]?.[0].cause, cause);
  assert.ok(!("cause" in new SessionError("spent")));
});

test("an input error names the field as the caller wrote it", () => {
  const error = new InputError("MAIL_INPUT_ADDRESS", "to[2]", "is no mailbox");
  assert.deepEqual([error.field, error.message], ["to[2]", "to[2]: is no mailbox"]);
});

test("what a server said is escaped, in the message and as evidence", () => {
  for (const error of [
    new ProtocolError("MAIL_EHLO_REFUSED", "No.", "\x1b[2J"),
    new TlsError("MAIL_TLS_REFUSED", "No.", { disposition: "retry", evidence: "\x1b[2J" }),
  ]) {
    assert.equal(error.evidence, "\\x1b[2J");
    assert.ok(error.message.endsWith('"\\x1b[2J"'));
  }
});

test("an error without evidence does not mention any", () => {
  assert.equal(new ProtocolError("MAIL_EHLO_REFUSED", "No.", "").message, "No.");
  assert.equal(new TlsError("MAIL_TLS_POLICY", "No.", { disposition: "retry" }).message, "No.");
});

test("an unknown outcome says why it is unknown, if that is known", () => {
  const lost = new NetworkError("MAIL_NETWORK_LOST", "final-reply", "The line is dead.");
  assert.match(
    new UnknownOutcomeError("mx.example:587", lost).message,
    /mx\.example:587 has the whole message.*The line is dead\.$/s,
  );
});

const receipt = { sender: "s@x.example", recipients: [] };

test("an error carries the receipt of its message, and a foreign error has none", () => {
  const error = new SessionError("spent");
  assert.equal(receiptOf(error), undefined);
  error.receipt = receipt;
  assert.equal(receiptOf(error), receipt);
  for (const nothing of ["stop", undefined, null, {}, new Error("x")]) assert.equal(receiptOf(nothing), undefined);
});

test("an abort is an AbortError with the reason as its cause, and says whether the message may have been taken", () => {
  const reason = new Error("shutting down");
  const [safe, doubtful] = [new AbortedError(reason, false), new AbortedError(reason, true)];
  assert.deepEqual(
    [safe.name, safe.code, safe.cause, safe.disposition],
    ["AbortError", "MAIL_ABORTED", reason, "retry"],
  );
  assert.equal(doubtful.disposition, "ask");
});

test("a copy with a longer text has it in its stack too, whatever characters the text holds", () => {
  const error = new NetworkError("MAIL_NETWORK_CONNECT", "connect", "Nobody there.", new Error("ECONNREFUSED"));
  const copy = copyOf(error, "Nobody there. It was tried 3 times ($&).");
  assert.ok(copy instanceof NetworkError);
  assert.deepEqual([copy.code, copy.phase, copy.cause], [error.code, error.phase, error.cause]);
  assert.match(inspect(copy), /^NetworkError: Nobody there\. It was tried 3 times \(\$&\)\.\n +at /);
});
