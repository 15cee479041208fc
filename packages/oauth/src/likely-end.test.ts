import assert from "node:assert/strict";
import { test } from "node:test";
import { google } from "./google.ts";
import { likelyEnd } from "./likely-end.ts";
import { microsoft } from "./microsoft.ts";

const DAY = 86_400_000;
const NOW = new Date("2026-11-28T12:00:00Z");

function of(issuer: string, age: number, idle: number): string | undefined {
  const before = (days: number): Date => new Date(NOW.getTime() - days * DAY);
  return likelyEnd({
    issuer,
    clientId: "client",
    scope: "mail",
    tokenEndpoint: `${issuer}/token`,
    servers: ["smtp.example.com"],
    signedInAt: before(age),
    renewedAt: before(idle),
    ended: { at: NOW, error: "invalid_grant" },
  });
}

test("a sign-in at Google that lasted a week was one for a test", () => {
  assert.match(of(google.id, 7, 1) ?? "", /publish the application/);
  assert.equal(of(google.id, 6, 1), undefined);
  assert.equal(of(google.id, 9, 1), undefined);
});

test("one that nobody used ends after 6 months at Google, and after 90 days at Microsoft", () => {
  assert.match(of(google.id, 400, 180) ?? "", /not used for 6 months/);
  assert.match(of(microsoft("example.com").id, 400, 90) ?? "", /not used for 90 days/);
  assert.equal(of(microsoft().id, 400, 89), undefined);
});

test("of another issuer its age says nothing", () => {
  assert.equal(of("https://id.example.org", 7, 400), undefined);
});
