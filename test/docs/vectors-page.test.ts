/** The page of vectors is up to date, and the vectors include those of striptls. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formatVectorsPage, vectors } from "@postseal/lab";

test("docs/reference/vectors.md is what `npm run docs:vectors` writes", () => {
  assert.equal(readFileSync("docs/reference/vectors.md", "utf8"), formatVectorsPage());
});

test("each of the eight SMTP vectors of striptls is named by one of ours", () => {
  const named = vectors.flatMap(({ sources }) => sources).join("; ");
  for (const name of [
    "StripFromCapabilities",
    "StripWithInvalidResponseCode",
    "StripWithTemporaryError",
    "StripWithError",
    "UntrustedIntercept",
    "InboundStarttlsProxy",
    "ProtocolDowngradeStripExtendedMode",
    "InjectCommand",
  ])
    assert.ok(named.includes(`SMTP.${name}`), name);
});

test("the lab has more than forty vectors, for STARTTLS and for implicit TLS", () => {
  assert.ok(vectors.filter(({ transport }) => transport === "starttls").length > 40);
  assert.ok(vectors.filter(({ transport }) => transport === "implicit").length >= 10);
});
