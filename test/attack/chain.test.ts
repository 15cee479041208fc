/** Chains that OpenSSL refuses or should refuse, in real handshakes, and what the error says of each. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { createMailer, observe, TlsError, type TlsOptions, type UnverifiedReason } from "@postseal/mailer";
import { HOST, type Sheet } from "@postseal/lab";
import { certify, party, serve } from "./chains.ts";

const [root, intermediate, leaf] = await Promise.all(["Root", "Intermediate", "leaf"].map(party));
assert.ok(root && intermediate && leaf);
const rootCertificate = await certify(root, { issuer: root, authority: true });
const intermediateCertificate = await certify(intermediate, { issuer: root, authority: true });
const only: TlsOptions = { ca: { only: rootCertificate } };

/** Connects to a server that shows this chain. Returns the seal, or what was thrown. */
async function meet(chain: string, tls: TlsOptions = only): Promise<unknown> {
  assert.ok(leaf);
  await using server = await serve(leaf, chain);
  await using mailer = createMailer(
    { host: HOST, port: server.port, transport: "implicit" },
    { tls, connect: async () => connect({ host: "127.0.0.1", port: server.port }) },
  );
  return await mailer.verify().then(
    ({ seal }) => seal,
    (error: unknown) => error,
  );
}

async function refuses(chain: string, reason: UnverifiedReason, message: RegExp, tls?: TlsOptions): Promise<void> {
  const error = await meet(chain, tls);
  assert.ok(error instanceof TlsError, JSON.stringify(error));
  assert.deepEqual([error.code, error.reason, error.disposition], ["MAIL_TLS_UNVERIFIED", reason, "give-up"]);
  assert.match(error.message, message);
}

const gated: readonly (readonly [string, NonNullable<Sheet["purposes"]>])[] = [
  ["Microsoft's server gated cryptography", ["microsoft-sgc"]],
  ["Netscape's server gated cryptography", ["netscape-sgc"]],
  ["both and for clients", ["microsoft-sgc", "netscape-sgc", "client"]],
  ["any purpose alone", ["any"]],
];
for (const [what, purposes] of gated) {
  test(`a certificate for ${what} does not prove a server`, async () => {
    await refuses(await certify(leaf, { issuer: root, purposes }), "wrong-purpose", /not one for servers/);
  });

  test(`a certificate issued by an authority for ${what} does not prove a server`, async () => {
    const narrow = await certify(intermediate, { issuer: root, authority: true, purposes });
    await refuses((await certify(leaf, { issuer: intermediate })) + narrow, "wrong-purpose", /not one for servers/);
  });
}

test("a server-gated-cryptography purpose beside the server purpose does no harm", async () => {
  const purposes = ["microsoft-sgc", "netscape-sgc", "server"] as const;
  const narrow = await certify(intermediate, { issuer: root, authority: true, purposes });
  const seal = await meet((await certify(leaf, { issuer: intermediate, purposes })) + narrow);
  assert.partialDeepStrictEqual(seal, { verifiedBy: "pkix", rootOrigin: "added" });
});

test("a certificate without any purpose proves a server", async () => {
  assert.partialDeepStrictEqual(await meet(await certify(leaf, { issuer: root, purposes: [] })), {
    verifiedBy: "pkix",
    rootOrigin: "added",
  });
});

const faults: readonly (readonly [string, UnverifiedReason, RegExp, () => Promise<string>])[] = [
  [
    "a violated name constraint",
    "other",
    /not accepted: permitted subtree violation\. /,
    async () =>
      (await certify(leaf, { issuer: intermediate })) +
      (await certify(intermediate, {
        issuer: root,
        authority: true,
        permit: [["dns", "other.test"]],
      })),
  ],
  [
    "an unknown critical extension",
    "other",
    /not accepted: unhandled critical extension\. /,
    () => certify(leaf, { issuer: root, extensions: [["1.2.3.4.5", true, "0500"]] }),
  ],
  [
    "a wrong signature",
    "untrusted-issuer",
    /its signature is not that of the authority of this name that is trusted here\. /,
    () => certify(leaf, { issuer: root, signer: intermediate }),
  ],
];
for (const [what, reason, words, chain] of faults) {
  test(`the error says in OpenSSL's words what was wrong: ${what}`, async () => {
    await refuses(await chain(), reason, words);
  });
}

test("an intermediate authority cannot be the only trusted certificate", () => {
  for (const given of [intermediateCertificate, [intermediateCertificate, intermediateCertificate]]) {
    assert.throws(() => createMailer(`submissions://${HOST}`, { tls: { ca: { only: given } } }), {
      code: "MAIL_INPUT_OPTION",
      message:
        /no certificate in it is a root: "Intermediate" was itself issued by "Root"\. Give the certificate of that root/,
    });
  }
});

test("an added intermediate authority vouches for nobody, and the error says what to give instead", async () => {
  const chain = await certify(leaf, { issuer: intermediate });
  for (const whole of [chain, chain + intermediateCertificate, chain + intermediateCertificate + rootCertificate]) {
    await refuses(
      whole,
      "untrusted-issuer",
      /You gave the authority "Intermediate" \(tls\.ca\), which is no root: it was issued by "Root"\. If your server's certificate is from there, give that root/,
      { ca: { add: intermediateCertificate } },
    );
  }
});

test("an intermediate authority given beside its root completes the path if the server leaves it out", async () => {
  const chain = await certify(leaf, { issuer: intermediate });
  await refuses(chain, "untrusted-issuer", /left out an intermediate certificate/);
  for (const ca of [
    { only: [intermediateCertificate, rootCertificate] },
    { add: rootCertificate + intermediateCertificate },
  ]) {
    assert.partialDeepStrictEqual(await meet(chain, { ca }), { verifiedBy: "pkix", rootOrigin: "added" });
  }
});

test("a self-signed certificate is its own root, whether it may issue others or not", async () => {
  for (const shape of [{}, { authority: false, purposes: [] }]) {
    const certificate = await certify(leaf, { issuer: leaf, ...shape });
    assert.partialDeepStrictEqual(await meet(certificate, { ca: { only: certificate } }), { rootOrigin: "added" });
  }
});

test("the names in a certificate reach observers without secrets", async () => {
  const secretive = await party("hunter2-hunter2");
  const own = await certify(secretive, { issuer: secretive, authority: true });
  await using server = await serve(leaf, await certify(leaf, { issuer: secretive }));
  await using mailer = createMailer(
    { host: HOST, port: server.port, transport: "implicit" },
    {
      tls: { ca: { only: own } },
      credentials: { username: "wren", password: "hunter2-hunter2" },
      connect: async () => connect({ host: "127.0.0.1", port: server.port }),
    },
  );
  const issuers: string[] = [];
  using _ = observe({ "connection.sealed": ({ seal }) => issuers.push(seal.certificate.issuer) });
  await assert.rejects(mailer.verify(), { code: "MAIL_AUTH_NOT_OFFERED" });
  assert.deepEqual(issuers, ["CN=[secret]"]);
});
