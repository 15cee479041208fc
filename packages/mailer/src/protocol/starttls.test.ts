import assert from "node:assert/strict";
import { test } from "node:test";
import { TlsError } from "../errors/tls-error.ts";
import { converse } from "./conversation.test.ts";
import { startTls } from "./starttls.ts";

const peer = "mx.example:587";
const offered = ["250-mx.example\n250-PIPELINING\n250 STARTTLS"];

for (const code of ["220", "220 go", "220-ready\n220 go"]) {
  test(`STARTTLS answered by ${JSON.stringify(code)} starts TLS`, () => {
    const { said } = converse(startTls(peer), offered, [code]);
    assert.deepEqual(
      said,
      ["EHLO [127.0.0.1]", "STARTTLS"],
      "each in a write of its own, and no name of the client in the clear",
    );
  });
}

test("a lower-case offer is an offer", () => {
  assert.deepEqual(converse(startTls(peer), ["250-mx.example\n250 starttls"], ["220"]).said, [
    "EHLO [127.0.0.1]",
    "STARTTLS",
  ]);
});

for (const [code, disposition] of [
  ["200", "give-up"],
  ["221", "give-up"],
  ["250", "give-up"],
  ["235", "give-up"],
  ["334", "give-up"],
  ["354", "give-up"],
  ["421", "retry"],
  ["454", "retry"],
  ["501", "give-up"],
  ["502", "give-up"],
  ["503", "give-up"],
  ["554", "give-up"],
] as const) {
  test(`STARTTLS answered by ${code} is refused, and nothing more is said (${disposition})`, () => {
    const dialogue = startTls(peer);
    assert.throws(() => converse(dialogue, offered, [`${code} go on in \x1b[1mclear\x1b[0m`]), {
      name: "TlsError",
      code: "MAIL_TLS_REFUSED",
      disposition,
      replyCode: Number(code),
      evidence: `${code} go on in \\x1b[1mclear\\x1b[0m`,
    });
    assert.equal(dialogue.next([]).done, true);
  });
}

for (const [name, lines] of [
  ["nothing", "250 mx.example"],
  ["AUTH instead", "250-mx.example\n250-AUTH PLAIN LOGIN\n250 SIZE"],
  ["XXXXXXXX", "250-mx.example\n250-XXXXXXXX\n250 SIZE"],
  ["the keyword as a parameter", "250-mx.example\n250-X-OLD STARTTLS\n250 SIZE"],
  ["the keyword as the server's name", "250 STARTTLS"],
] as const) {
  test(`an EHLO reply that offers ${name} is an error that names the suspicion, and nothing more is said`, () => {
    const dialogue = startTls(peer);
    assert.throws(
      () => converse(dialogue, [lines]),
      (error) =>
        error instanceof TlsError &&
        error.code === "MAIL_TLS_NOT_OFFERED" &&
        error.disposition === "retry" &&
        /STRIPTLS/.test(error.message) &&
        /465/.test(error.message),
    );
    assert.equal(dialogue.next([]).done, true);
  });
}

test("EHLO refused in the clear ends the session before STARTTLS", () => {
  assert.throws(() => converse(startTls(peer), ["502 no"]), { code: "MAIL_EHLO_REFUSED" });
});
