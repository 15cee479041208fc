/** The EHLO reply as an attacker changes it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Moves } from "./attack.ts";
import { alterOffer } from "./reply.ts";

const whole = "250-x\r\n250-STARTTLS\r\n250-AUTH SCRAM-SHA-256-PLUS PLAIN scram-sha-1-plus LOGIN\r\n250 SIZE 1\r\n";

function altered(text: string, moves: Moves): readonly [string, number] {
  const { octets, done } = alterOffer({ code: text.slice(0, 3), octets: Buffer.from(text) }, moves);
  return [octets.toString(), done.length];
}

test("STARTTLS is removed in upper and in lower case", () => {
  const left = whole.replace("250-STARTTLS\r\n", "");
  assert.deepEqual(altered(whole, { strips: true }), [left, 1]);
  assert.deepEqual(altered(whole.replace("STARTTLS", "starttls"), { strips: true }), [left, 1]);
});

test("if the last line is removed, the line before it becomes the last", () => {
  assert.deepEqual(altered("250-x\r\n250 STARTTLS\r\n", { strips: true }), ["250 x\r\n", 1]);
});

test("a keyword that only begins with STARTTLS stays", () => {
  assert.equal(
    altered("250-x\r\n250-STARTTLSX\r\n250 X-NOTE STARTTLS\r\n", { strips: true })[0].match(/STARTTLS/g)?.length,
    2,
  );
});

test("AUTH is dangled if the server does not offer it", () => {
  assert.deepEqual(altered("250 x\r\n", { tempts: true }), ["250-x\r\n250 AUTH PLAIN LOGIN\r\n", 1]);
  assert.deepEqual(altered(whole, { tempts: true }), [whole, 0]);
});

test("every -PLUS mechanism is removed", () => {
  const left = whole.replace(" SCRAM-SHA-256-PLUS", "").replace(" scram-sha-1-plus", "");
  assert.deepEqual(altered(whole, { stripsPlus: true }), [left, 1]);
});

test("a refusal passes unchanged", () => {
  assert.deepEqual(altered("502 no STARTTLS\r\n", { strips: true, tempts: true }), ["502 no STARTTLS\r\n", 0]);
});
