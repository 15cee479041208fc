/** Advice of the library that a subcommand can give only after a long time, or with a server that a test does not have. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inOwnWords, sendWords } from "./own-words.ts";

test("an authority that cannot be used is named by the option that gave it", () => {
  for (const [field, option] of [
    ["tls.ca.only", "--ca-only"],
    ["tls.ca.add", "--ca"],
  ] as const)
    assert.equal(inOwnWords(Object.assign(new Error(`${field}: no PEM`), { field }), sendWords), `${option}: no PEM`);
});

test("a hint for TypeScript is left out, or names an option of the command", () => {
  for (const [said, ours] of [
    [
      'It may speak TLS from the start: then write submissions:// instead of submission:// (transport: "implicit"). Otherwise it is busy, and trying again is safe.',
      "It may speak TLS from the start: then write submissions:// instead of submission://. Otherwise it is busy.",
    ],
    [
      "x wants a client certificate: give one (clientCertificate).",
      "x wants a client certificate: give one (--client-cert).",
    ],
    ["it does not speak TLS 1.3, which minVersion demands", "it does not speak TLS 1.3, which --min-tls demands"],
  ] as const)
    assert.equal(inOwnWords(new Error(said), sendWords), ours);
});
