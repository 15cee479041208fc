import assert from "node:assert/strict";
import { test } from "node:test";
import { TlsError } from "../errors/tls-error.ts";
import { explainBroken } from "./explain.ts";

test("for octets that are not TLS the error names the harmless cause before the attack: some servers fail in the clear", () => {
  const cause = Object.assign(new Error("wrong version number"), { code: "ERR_SSL_WRONG_VERSION_NUMBER" });
  const error = explainBroken(cause, "mx.example:587", "final-reply");
  assert.ok(error instanceof TlsError && error.code === "MAIL_TLS_BROKEN");
  assert.match(error.message, /The server may have failed and said so in the clear.*or somebody put octets into/);
});

test("the error of a lost connection says before what it was lost, with the system's code", () => {
  const error = explainBroken(Object.assign(new Error("read"), { code: "ECONNRESET" }), "mx.example:587", "envelope");
  assert.equal(error.code, "MAIL_NETWORK_LOST");
  assert.equal(
    error.message,
    "The connection to mx.example:587 was lost before the answer to the envelope (ECONNRESET).",
  );
});
