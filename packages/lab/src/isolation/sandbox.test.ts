import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { test } from "node:test";
import { AUTHORITY, createAuthority } from "../authority/authority.ts";
import { startNameServer } from "./name-server.ts";
import { subjectHash } from "./sandbox.ts";

test("an authority's file name in the trust store is the one that OpenSSL looks up", async () => {
  const { certificate } = await createAuthority();
  const said = execFileSync("openssl", ["x509", "-noout", "-subject_hash"], { input: certificate, encoding: "utf8" });
  assert.equal(subjectHash(AUTHORITY), said.trim());
});

test("the resolver answers the lab's names with its address, and says that no other name exists", async () => {
  const server = await startNameServer("127.0.0.1", ["smtp.example.test"], 0);
  try {
    const resolver = new Resolver({ timeout: 2_000, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.address().port}`]);
    assert.deepEqual(await resolver.resolve4("SMTP.example.test"), ["127.0.0.1"]);
    assert.deepEqual(await resolver.resolvePtr("1.0.0.127.in-addr.arpa"), ["smtp.example.test"]);
    await assert.rejects(resolver.resolve4("example.org"), { code: "ENOTFOUND" });
    await assert.rejects(resolver.resolve6("smtp.example.test"), { code: "ENODATA" });
  } finally {
    const closed = once(server, "close");
    server.close();
    await closed;
  }
});
