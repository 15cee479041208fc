import assert from "node:assert/strict";
import { test } from "node:test";
import { TlsError } from "../errors/tls-error.ts";
import { parseServer } from "../policy/server.ts";
import { createTlsPolicy, type TlsOptions } from "../policy/tls-policy.ts";
import { explainBroken, explainHandshake } from "./explain.ts";

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

const demands: readonly (readonly [alert: string, options: TlsOptions, text: RegExp])[] = [
  [
    "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE",
    { postQuantum: "require" },
    /post-quantum key exchange.*postQuantum: "require"/,
  ],
  ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", { postQuantum: "require" }, /does not speak TLS 1\.3, which postQuantum/],
  ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", { minVersion: "TLSv1.3" }, /does not speak TLS 1\.3, which minVersion/],
  ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", {}, /no version of TLS from 1\.2 on/],
  ["ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", {}, /in common with the policy/],
];
for (const [code, options, text] of demands) {
  test(`of ${JSON.stringify(options)} and ${code} the error names the demand that was not met`, () => {
    const cause = Object.assign(new Error("alert"), { code });
    const error = explainHandshake(cause, parseServer("submission://mx.example"), createTlsPolicy(options));
    assert.ok(error instanceof TlsError && error.code === "MAIL_TLS_POLICY");
    assert.match(error.message, text);
  });
}
