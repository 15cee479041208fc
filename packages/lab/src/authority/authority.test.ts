import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { createAuthority, HOST } from "./authority.ts";
import { issueCertificate } from "./certificate.ts";
import { forge } from "./forge.ts";
import { generateKeys } from "./keys.ts";

test("an authority signs what it issues, for the host and the address, and not as another authority", async () => {
  const authority = await createAuthority({ name: "One" });
  const root = new X509Certificate(authority.certificate);
  const { chain, key } = await authority.issue();
  const leaf = new X509Certificate(chain);
  assert.ok(leaf.verify(root.publicKey));
  assert.equal(leaf.issuer, "CN=One");
  assert.equal(leaf.subjectAltName, `DNS:${HOST}, IP Address:127.0.0.1`);
  assert.deepEqual([root.ca, leaf.ca], [true, false]);
  assert.match(key, /^-----BEGIN PRIVATE KEY-----\n/);
});

test("two authorities of one name do not vouch for each other", async () => {
  const [one, other] = [await createAuthority(), await createAuthority()];
  const leaf = new X509Certificate((await one.issue()).chain);
  assert.ok(!leaf.verify(new X509Certificate(other.certificate).publicKey));
});

test("an authority issues each kind of certificate once", async () => {
  const [one, other] = [await createAuthority(), await createAuthority()];
  const good = await issueCertificate("good", one);
  assert.equal(await issueCertificate("good", one), good);
  assert.notEqual((await issueCertificate("expired", one)).key, good.key);
  assert.notEqual((await issueCertificate("good", other)).key, good.key);
});

test("the chain below an intermediate includes it, whether or not it has the right to issue", async () => {
  const root = await createAuthority();
  for (const ca of [true, false]) {
    const { chain } = await (await root.intermediate({ ca })).issue();
    const [leaf, intermediate, ...more] = chain
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .map((pem) => new X509Certificate(pem));
    assert.ok(leaf !== undefined && intermediate !== undefined && more.length === 0);
    assert.ok(leaf.verify(intermediate.publicKey));
    assert.ok(intermediate.verify(new X509Certificate(root.certificate).publicKey));
    assert.equal(intermediate.ca, ca);
  }
});

test("a self-signed certificate is signed by its own key, of either kind", async () => {
  const authority = await createAuthority();
  for (const key of ["p256", "rsa2048"] as const) {
    const leaf = new X509Certificate((await authority.issueSelfSigned({ key })).chain);
    assert.ok(leaf.verify(leaf.publicKey), key);
  }
});

test("names of every kind are written as they were given", async () => {
  const party = { name: "", keys: await generateKeys() };
  const names = [
    ["dns", "a.example"],
    ["ip", "192.0.2.1"],
    ["ip", "2001:db8:0:0:0:0:0:1"],
    ["email", "a@b.example"],
    ["uri", "smtp://a.example/"],
    ["directory", "A"],
    ["srv", "_submission.a.example"],
  ] as const;
  const { subject, subjectAltName } = new X509Certificate(await forge(party, party, { names }));
  assert.equal(subject, undefined);
  assert.equal(
    // OpenSSL 3.0 writes two colons.
    subjectAltName?.replace("SRVName::", "SRVName:"),
    "DNS:a.example, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1, email:a@b.example, " +
      "URI:smtp://a.example/, DirName:CN=A, othername:SRVName:_submission.a.example",
  );
});

test("another signer makes a wrong signature, and a key that cannot sign makes none", async () => {
  const issuer = { name: "Issuer", keys: await generateKeys() };
  const leaf = { name: "Leaf", keys: await generateKeys("ed25519") };
  const wrong = new X509Certificate(await forge(leaf, issuer, {}, await generateKeys()));
  const right = new X509Certificate(await forge(leaf, issuer));
  const root = new X509Certificate(await forge(issuer, issuer, { authority: true }));
  assert.deepEqual([right.verify(root.publicKey), wrong.verify(root.publicKey)], [true, false]);
  await assert.rejects(forge(leaf, leaf), /Leaf has no key that signs certificates/);
});
