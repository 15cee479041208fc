import assert from "node:assert/strict";
import { test } from "node:test";
import { assertSafe, isSafe } from "./version.ts";

test("versions of SQLite with the WAL-reset bug are refused, with the Node to install", () => {
  for (const version of ["3.50.3", "3.50.4", "3.51.2", "3.44.5", "3.45.0", "3.8.0"])
    assert.equal(isSafe(version), false, version);
  for (const version of ["3.51.3", "3.50.7", "3.44.6", "3.53.4", "4.0.0"]) assert.equal(isSafe(version), true, version);
  assert.throws(() => assertSafe("3.50.4"), { code: "OUTBOX_SQLITE_UNSAFE", message: /24\.15/ });
  assert.throws(() => assertSafe("3.50.4", "file:///app/node_modules/better-sqlite3/lib/index.js"), {
    code: "OUTBOX_SQLITE_UNSAFE",
    message: /better-sqlite3\S* brings SQLite 3\.50\.4.*a newer version of that library\.$/,
  });
});

test("the Node that runs this has a safe one", () => {
  assert.ok(isSafe(process.versions["sqlite"] ?? ""));
});
