import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "@postseal/mailer";
import type { StoredTokens } from "./tokens.ts";
import { formatTokens, parseTokens } from "./tokens-json.ts";

const at = new Date("2026-11-28T12:00:00.000Z");
const tokens: StoredTokens = {
  issuer: "https://id.example",
  clientId: "client",
  scope: "mail",
  tokenEndpoint: "https://id.example/token",
  servers: ["smtp.example.test"],
  refreshToken: new Secret("refresh"),
  signedInAt: at,
  renewedAt: at,
  ended: { at, error: "invalid_grant" },
};

test("what is written is read again", () => {
  const found = parseTokens(formatTokens(tokens));
  assert.equal(found?.refreshToken?.reveal(), "refresh");
  assert.deepEqual([found.ended, found.signedInAt, found.servers], [tokens.ended, at, tokens.servers]);
  assert.equal(found.accessToken, undefined);
});

test("of what was written otherwise, nothing is believed", () => {
  const whole: unknown = JSON.parse(formatTokens(tokens));
  const changed = (change: object): string => JSON.stringify(Object.assign({}, whole, change));
  assert.ok(parseTokens(changed({})) !== undefined);
  for (const change of [
    { version: 2 },
    { issuer: 1 },
    { issuer: undefined },
    { clientId: "a\nb" },
    { servers: "smtp.example.test" },
    { servers: [1] },
    { refreshToken: "a b" },
    { refreshToken: "" },
    { accessToken: null },
    { signedInAt: "yesterday" },
    { expiresAt: "2026-13-45T00:00:00.000Z" },
    { ended: { at: "x", error: "y" } },
  ])
    assert.equal(parseTokens(changed(change)), undefined, JSON.stringify(change));
  for (const text of ["", "null", "[]", "{}", '"a"', formatTokens(tokens).slice(0, -3)])
    assert.equal(parseTokens(text), undefined);
});

test("a name that an object inherits is no field", () => {
  const whole = formatTokens(tokens).replace('"issuer"', '"__proto__"');
  assert.equal(parseTokens(whole), undefined);
});
