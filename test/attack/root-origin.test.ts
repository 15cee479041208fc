/**
 * The server cannot make the seal name an authority that did not vouch for it. The caller added one authority and the
 * environment another. Both are trusted: the question is which of them vouched.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { makePrivateFolder } from "@postseal/lab";
import { certify, party, serve } from "./chains.ts";

/** `absent`: Node does not report the certificate that OpenSSL used, and so the seal claims nothing. */
type Origin = "added" | "environment" | "absent";

const [addedRoot, environmentRoot, older, nobody, leaf, intermediate] = await Promise.all(
  ["Added root", "Environment root", "Older root", "Nobody", "leaf", "Intermediate"].map(party),
);
assert.ok(addedRoot && environmentRoot && older && nobody && leaf && intermediate);
const addedCertificate = await certify(addedRoot, { issuer: addedRoot, authority: true });
const environmentCertificate = await certify(environmentRoot, { issuer: environmentRoot, authority: true });
/** Another key under the intermediate's name. */
const impostor = { name: intermediate.name, keys: nobody.keys };

const chains: readonly (readonly [string, Origin, string])[] = [
  ["the added root alone", "added", await certify(leaf, { issuer: addedRoot })],
  ["the environment's root alone", "environment", await certify(leaf, { issuer: environmentRoot })],
  ["the root sent along", "added", (await certify(leaf, { issuer: addedRoot })) + addedCertificate],
  [
    "an intermediate",
    "added",
    (await certify(leaf, { issuer: intermediate })) +
      (await certify(intermediate, { issuer: addedRoot, authority: true })),
  ],
  [
    "a second certificate with the root's name and key identifier, which the added root did not sign",
    "environment",
    (await certify(leaf, { issuer: environmentRoot })) +
      (await certify(environmentRoot, { issuer: addedRoot, signer: nobody, authority: true })),
  ],
  [
    "the same, with the added root sent along",
    "environment",
    (await certify(leaf, { issuer: environmentRoot })) +
      (await certify(environmentRoot, { issuer: addedRoot, signer: nobody, authority: true })) +
      addedCertificate,
  ],
  [
    "a second certificate that the added root did sign, but that has expired",
    "environment",
    (await certify(leaf, { issuer: environmentRoot })) +
      (await certify(environmentRoot, { issuer: addedRoot, authority: true, from: -9, until: -2 })),
  ],
  [
    "the impostor's intermediate after an expired true one",
    "absent",
    (await certify(leaf, { issuer: impostor, authorityKeyIdentifier: "none" })) +
      (await certify(intermediate, { issuer: addedRoot, authority: true, from: -9, until: -2 })) +
      (await certify(impostor, { issuer: environmentRoot, authority: true })),
  ],
  [
    "the impostor's intermediate before an expired true one",
    "environment",
    (await certify(leaf, { issuer: impostor, authorityKeyIdentifier: "none" })) +
      (await certify(impostor, { issuer: environmentRoot, authority: true })) +
      (await certify(intermediate, { issuer: addedRoot, authority: true, from: -9, until: -2 })),
  ],
  [
    "the impostor's intermediate before a true one that did not sign the leaf",
    "environment",
    (await certify(leaf, { issuer: impostor })) +
      (await certify(impostor, { issuer: environmentRoot, authority: true })) +
      (await certify(intermediate, { issuer: addedRoot, authority: true })),
  ],
  [
    "a root that is cross-signed by an authority that is not trusted here",
    "added",
    (await certify(leaf, { issuer: intermediate })) +
      (await certify(intermediate, { issuer: addedRoot, authority: true })) +
      (await certify(addedRoot, { issuer: older, authority: true })),
  ],
  [
    "a root that is cross-signed by two authorities, with both certificates",
    "added",
    (await certify(leaf, { issuer: addedRoot })) +
      (await certify(addedRoot, { issuer: older, authority: true })) +
      (await certify(older, { issuer: older, authority: true })),
  ],
  [
    "a root of the environment that the added root signed: OpenSSL stops at the first trusted one",
    "environment",
    (await certify(leaf, { issuer: environmentRoot })) +
      (await certify(environmentRoot, { issuer: addedRoot, authority: true })),
  ],
];

let folder: string;
let found: readonly string[];
before(async () => {
  folder = makePrivateFolder("root-origin");
  const environment = path.join(folder, "environment.pem");
  await writeFile(environment, environmentCertificate);
  const servers = await Promise.all(chains.map(([, , chain]) => serve(leaf, chain)));
  try {
    const child = fileURLToPath(new URL(`./child/verify${path.extname(import.meta.url)}`, import.meta.url));
    const flags = process.execArgv.filter((flag) => flag.startsWith("--conditions"));
    const ports = servers.map(({ port }) => String(port));
    const words = [...flags, child, Buffer.from(addedCertificate).toString("base64"), ...ports];
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: environment };
    const { stdout } = await promisify(execFile)(process.execPath, words, { env });
    found = JSON.parse(stdout);
  } finally {
    for (const server of servers) await server[Symbol.asyncDispose]();
  }
});
after(async () => {
  await rm(folder, { recursive: true });
});

for (const [index, [name, expected]] of chains.entries()) {
  test(`the seal says which authority vouched: ${name}`, () => {
    assert.equal(found[index], expected);
  });
}
