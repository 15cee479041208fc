import assert from "node:assert/strict";
import { test } from "node:test";
import { offer, prepared } from "./conversation.test.ts";
import { mailParameters, recipientParameters } from "./mail-parameters.ts";

const peer = "mx.example:587";
const to = ["b@x.example"];
const everything = offer("8BITMIME", "SMTPUTF8", "SIZE 1000", "DSN");

test("a plain message asks for nothing that was not offered", () => {
  assert.deepEqual(mailParameters(prepared(to), offer(), peer), []);
});

test("the size is announced to a server that offers SIZE, if it is known", () => {
  assert.deepEqual(mailParameters(prepared(to), everything, peer), ["SIZE=17"]);
  assert.deepEqual(mailParameters(prepared(to, { size: undefined }), everything, peer), []);
});

test("a message of the server's limit is sent, and one octet more is an error before MAIL", () => {
  assert.deepEqual(mailParameters(prepared(to, { size: 1000 }), everything, peer), ["SIZE=1000"]);
  assert.throws(() => mailParameters(prepared(to, { size: 1001 }), everything, peer), {
    name: "CapabilityError",
    code: "MAIL_MESSAGE_TOO_LARGE",
    keyword: "SIZE",
  });
  assert.deepEqual(mailParameters(prepared(to, { size: 1001 }), offer("SIZE 0"), peer), ["SIZE=1001"]);
});

test("octets over 127 need 8BITMIME, and the parameter says so", () => {
  assert.deepEqual(mailParameters(prepared(to, { eightBit: true, size: undefined }), everything, peer), [
    "BODY=8BITMIME",
  ]);
  assert.throws(() => mailParameters(prepared(to, { eightBit: true }), offer("SMTPUTF8"), peer), {
    code: "MAIL_CAPABILITY_MISSING",
    keyword: "8BITMIME",
  });
});

test("an attached message with octets over 127 needs 8BITMIME, and the error names it and the way out", () => {
  const message = prepared(to, { eightBit: true, eightBitIn: "attachments[1]" });
  assert.throws(() => mailParameters(message, offer(), peer), {
    code: "MAIL_CAPABILITY_MISSING",
    message: /attachments\[1\] is a message [^]*application\/octet-stream/,
  });
});

test("a body that has not been read yet is announced as 8-bit if the server allows it, and otherwise sent as 7-bit", () => {
  const unread = prepared(to, { eightBit: undefined, size: undefined });
  assert.deepEqual(mailParameters(unread, everything, peer), ["BODY=8BITMIME"]);
  assert.deepEqual(mailParameters(unread, offer(), peer), []);
});

test("an address or a header that is not ASCII needs SMTPUTF8, and is never changed to do without it", () => {
  const message = prepared(to, { size: undefined }, { smtpUtf8: true });
  assert.deepEqual(mailParameters(message, everything, peer), ["SMTPUTF8", "BODY=8BITMIME"]);
  assert.throws(() => mailParameters(message, offer("8BITMIME"), peer), {
    code: "MAIL_CAPABILITY_MISSING",
    keyword: "SMTPUTF8",
  });
});

test("notifications need DSN, even if MAIL has no parameter of it", () => {
  const asking = prepared(to, { size: undefined }, { dsn: { notify: "never" } });
  assert.deepEqual(mailParameters(asking, everything, peer), []);
  assert.throws(() => mailParameters(asking, offer("SIZE"), peer), { code: "MAIL_CAPABILITY_MISSING", keyword: "DSN" });
});

test("RET and ENVID go with MAIL, the identifier as xtext", () => {
  const full = prepared(to, { size: undefined }, { dsn: { return: "full", envelopeId: "a+b=c d" } });
  assert.deepEqual(mailParameters(full, everything, peer), ["RET=FULL", "ENVID=a+2Bb+3Dc+20d"]);
  const headers = prepared(to, { size: undefined }, { dsn: { return: "headers" } });
  assert.deepEqual(mailParameters(headers, everything, peer), ["RET=HDRS"]);
});

test("a message that requires TLS goes only to a server that offers REQUIRETLS, and says so", () => {
  const message = prepared(to, { size: undefined }, { requireTls: true });
  assert.deepEqual(mailParameters(message, offer("REQUIRETLS"), peer), ["REQUIRETLS"]);
  assert.throws(() => mailParameters(message, everything, peer), {
    code: "MAIL_CAPABILITY_MISSING",
    keyword: "REQUIRETLS",
  });
});

test("parameters that belong together come together", () => {
  const message = prepared(to, { eightBit: true }, { smtpUtf8: true, dsn: { return: "full" } });
  assert.deepEqual(mailParameters(message, everything, peer), ["SMTPUTF8", "BODY=8BITMIME", "SIZE=17", "RET=FULL"]);
});

test("a recipient has parameters only if notifications were asked for", () => {
  assert.deepEqual(recipientParameters("b@x.example", undefined), []);
  assert.deepEqual(recipientParameters("b@x.example", {}), []);
  assert.deepEqual(recipientParameters("b@x.example", { notify: "never" }), ["NOTIFY=NEVER"]);
  assert.deepEqual(recipientParameters("b@x.example", { notify: ["success", "failure", "delay"] }), [
    "NOTIFY=SUCCESS,FAILURE,DELAY",
  ]);
  assert.deepEqual(recipientParameters("b@x.example", { originalRecipient: false }), []);
});

for (const [address, parameter] of [
  ["b@x.example", "ORCPT=rfc822;b@x.example"],
  ["a+tag=1@x.example", "ORCPT=rfc822;a+2Btag+3D1@x.example"],
  ['"a b"@x.example', 'ORCPT=rfc822;"a+20b"@x.example'],
  ["jürgen@x.example", "ORCPT=utf-8;j\\x{FC}rgen@x.example"],
  ["j+ü=\\@x.example", "ORCPT=utf-8;j\\x{2B}\\x{FC}\\x{3D}\\x{5C}@x.example"],
  ["😀 a@x.example", "ORCPT=utf-8;\\x{1F600}\\x{20}a@x.example"],
] as const) {
  test(`the original recipient ${address} is written as ${parameter}, in ASCII and without a space`, () => {
    assert.deepEqual(recipientParameters(address, { originalRecipient: true }), [parameter]);
  });
}
