import assert from "node:assert/strict";
import { test } from "node:test";
import { OutboxError } from "../errors/outbox-error.ts";
import { faultOf } from "./fault.ts";
import { RecordError } from "./record-error.ts";

test("each of SQLite's codes, also an extended one, says what it means and what to do", () => {
  const cases = [
    [5, "OUTBOX_STORE_BUSY"],
    [261, "OUTBOX_STORE_BUSY"],
    [8, "OUTBOX_STORE_READ_ONLY"],
    [1032, "OUTBOX_STORE_READ_ONLY"],
    [13, "OUTBOX_STORE_FULL"],
    [11, "OUTBOX_STORE_DAMAGED"],
    [26, "OUTBOX_STORE_DAMAGED"],
    [14, "OUTBOX_STORE_UNREACHABLE"],
    [10, "OUTBOX_STORE_FAILED"],
  ] as const;
  for (const [errcode, code] of cases) {
    const fault = faultOf(Object.assign(new Error("said"), { errcode }), "mail.db");
    assert.equal(fault.code, code, String(errcode));
    assert.match(fault.message, /mail\.db/);
  }
  // The system refuses it before SQLite sees it.
  for (const [name, code] of [
    ["ENOTDIR", "OUTBOX_STORE_UNREACHABLE"],
    ["EACCES", "OUTBOX_STORE_UNREACHABLE"],
    ["EROFS", "OUTBOX_STORE_READ_ONLY"],
    ["ENOSPC", "OUTBOX_STORE_FULL"],
    ["EIO", "OUTBOX_STORE_FAILED"],
  ] as const)
    assert.equal(faultOf(Object.assign(new Error("said"), { code: name }), "mail.db").code, code, name);
  assert.equal(faultOf(new RecordError("state"), "mail.db").code, "OUTBOX_STORE_DAMAGED");
  assert.equal(faultOf(new SyntaxError("JSON"), "mail.db").code, "OUTBOX_STORE_DAMAGED");
  assert.equal(faultOf(new OutboxError("OUTBOX_SCHEMA_NEWER", "newer"), "mail.db").code, "OUTBOX_SCHEMA_NEWER");
});
