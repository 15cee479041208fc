import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError, mailErrorCodes, type Outcome, ProtocolError, type Receipt, TlsError } from "@postseal/mailer";
import { outboxErrorCodes } from "@postseal/outbox";
import { CommandError } from "../command-error.ts";
import { exitCodeOf } from "./exit-code.ts";
import { type ErrorCode, type ExitName, exits } from "./exits.ts";
import { Interruption } from "../interruption.ts";

function receipt(...outcomes: readonly Outcome[]): Receipt {
  return { sender: "", recipients: outcomes.map((outcome, at) => ({ address: `${at}@example.test`, outcome })) };
}

function sent(...outcomes: readonly Outcome[]): number {
  return exitCodeOf({ kind: "sent", receipt: receipt(...outcomes) });
}

function failed(error: unknown, of?: Receipt): number {
  return exitCodeOf({ kind: "failed", error, receipt: of });
}

test("a receipt exits 0 if all recipients were accepted, 1 if some were, 74 if any is unknown", () => {
  assert.equal(sent("accepted", "accepted"), 0);
  for (const other of ["refused", "deferred", "unsent"] as const) assert.equal(sent("accepted", other), 1);
  assert.equal(sent("accepted", "unknown"), 74);
});

test("every error code of the library has a deliberate exit code", () => {
  for (const code of mailErrorCodes) {
    const exit = failed(Object.assign(new Error("x"), { code }));
    assert.ok([65, 69, 70, 74, 75, 76, 77, 78, 130].includes(exit), `${code} exits ${exit}`);
    const isMisuse = code === "MAIL_SESSION_SPENT" || code === "MAIL_RESULTS_UNREAD" || code === "MAIL_FAULT";
    assert.equal(exit === 70, isMisuse, `${code} exits ${exit}`);
    assert.equal(exit === 130, code === "MAIL_ABORTED", `${code} exits ${exit}`);
  }
});

test("every error code of the outbox has a deliberate exit code, and only what may pass says: try again", () => {
  for (const code of outboxErrorCodes) {
    const exit = failed(new CommandError(code, "x"));
    assert.ok([1, 65, 70, 75, 78].includes(exit), `${code} exits ${exit}`);
    assert.equal(exit === 75, /_(?:FULL|BUSY|FAILED)$/.test(code), `${code} exits ${exit}`);
  }
});

function refusals(disposition: "retry" | "give-up"): readonly Error[] {
  return [
    new TlsError("MAIL_TLS_REFUSED", "x", { disposition }),
    new ProtocolError("MAIL_EHLO_REFUSED", "x", "", disposition),
  ];
}

test("a greeting that refuses for good exits 69, and one that refuses for now 75", () => {
  assert.equal(failed(new ProtocolError("MAIL_GREETING_REFUSED", "x", "", "give-up")), 69);
  assert.equal(failed(new ProtocolError("MAIL_GREETING_REFUSED", "x", "", "retry")), 75);
});

test("tampering exits 76, but a server's request to try again exits 75", () => {
  for (const error of refusals("give-up")) assert.equal(failed(error), 76);
  for (const error of refusals("retry")) assert.equal(failed(error), 75);
  // These may be tried again too, but somebody may be tampering: a script should not take it for a passing fault.
  assert.equal(failed(new TlsError("MAIL_TLS_NOT_OFFERED", "x", { disposition: "retry" })), 76);
  assert.equal(failed(new TlsError("MAIL_TLS_INJECTION", "x", { disposition: "retry" })), 76);
});

test("a mistake of the user exits 64, 65 or 78, depending on where it is", () => {
  assert.equal(failed(new CommandError("CLI_USAGE", "x")), 64);
  assert.equal(failed(new InputError("MAIL_INPUT_ADDRESS", "to[0]", "x")), 65);
  assert.equal(failed(new InputError("MAIL_INPUT_OPTION", "tls.ca", "x")), 78);
  assert.equal(failed(new CommandError("CLI_CONFIGURATION", "x")), 78);
});

test("an interruption exits 130, but 74 if the message may have been taken", () => {
  const error = new Interruption("SIGINT");
  assert.equal(failed(error), 130);
  assert.equal(failed(error, receipt("unsent")), 130);
  assert.equal(failed(error, receipt("unknown")), 74);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    assert.equal(failed(new Interruption(signal), receipt("unsent")), 143);
    assert.equal(failed(new Interruption(signal), receipt("unknown")), 74);
  }
});

test("an unforeseen error exits 70", () => {
  for (const error of [new TypeError("x"), Object.assign(new Error("x"), { code: "toString" }), "x", undefined]) {
    assert.equal(failed(error), 70);
  }
});

type Listed = Extract<(typeof exits)[ExitName], { readonly errors: readonly string[] }>["errors"][number];

test("every error is listed by an exit; otherwise this does not compile", () => {
  const isListed: [Exclude<ErrorCode, Listed>] extends [never] ? true : false = true;
  assert.ok(isListed);
});

test("no error is listed by two exits", () => {
  const listed = Object.values(exits).flatMap((exit) => ("errors" in exit ? exit.errors : []));
  assert.deepEqual(listed, [...new Set(listed)]);
});
