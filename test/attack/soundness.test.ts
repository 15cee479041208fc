/** The vectors do what they say: every attack is made, every certificate is bad in its own way, every weak server is weak. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { suite, test } from "node:test";
import { connect } from "node:tls";
import {
  type Authority,
  boundaryVectors,
  type CertificateKind,
  createAuthority,
  honestVectors,
  HOST,
  issueCertificate,
  proves,
  type Script,
  startImpostor,
  type Vector,
  vectors,
  weakTlsVectors,
  hostOf,
} from "@postseal/lab";
import { sendNaively } from "./naive-client.ts";

const authority: Authority = await createAuthority();

test("every vector has its own id, and lists its possible verdicts", () => {
  assert.equal(new Set(vectors.map(({ id }) => id)).size, vectors.length);
  for (const { id, expected, severity } of vectors)
    assert.equal(severity === "none" && expected !== "delivered-sealed", false, id);
});

suite("a client with every flaw meets the script of", () => {
  const scripted = vectors.filter(({ script }) => hasSteps(script));
  test("more than a hundred vectors", () => assert.ok(scripted.length > 130, String(scripted.length)));
  for (const vector of scripted) {
    test(vector.id, async () => {
      await using impostor = await startImpostor(vector, { authority });
      const abort = new AbortController();
      const claim = sendNaively(targetOf(vector, impostor.port, abort.signal), {
        opportunistic: true,
        trusting: true,
        lax: true,
        buffers: true,
        believes: true,
      });
      await Promise.race([impostor.attacked(), claim]);
      abort.abort();
      await claim;
      await impostor.settled();
      assert.ok(impostor.transcript.connections.some(({ scripted: turns }) => turns > 0));
    });
  }
});

suite("a careful client delivers sealed to", () => {
  // This client cannot do what the others need: another mechanism, or an address as the host.
  for (const vector of [...honestVectors, ...boundaryVectors].filter(
    ({ expected }) => expected === "delivered-sealed",
  )) {
    test(vector.id, async () => {
      await using impostor = await startImpostor(vector, { authority });
      const claim = await sendNaively(targetOf(vector, impostor.port));
      assert.equal((await impostor.verdict(claim)).verdict, "delivered-sealed");
    });
  }
});

suite("a client that believes every server is shown to lie by", () => {
  const cheating = vectors.filter(({ script }) => script.tls?.scram !== undefined);
  for (const vector of cheating) {
    test(vector.id, async () => {
      await using impostor = await startImpostor(vector, { authority });
      const claim = await sendNaively(targetOf(vector, impostor.port), { believes: true });
      assert.equal(claim, "sent");
      assert.equal((await impostor.verdict(claim)).verdict, "false-success");
    });
  }

  test("none that it does not log in to", async () => {
    for (const vector of cheating.slice(0, 1)) {
      await using impostor = await startImpostor(vector, { authority });
      const claim = await sendNaively(targetOf(vector, impostor.port), { withoutLogin: true });
      assert.equal((await impostor.verdict(claim)).verdict, "delivered-sealed");
    }
  });
});

suite("a client that trusts everybody gives its password to", () => {
  const bad = vectors.filter(({ id, expected }) => /^C(?:2|3|4|8|11)-/.test(id) && expected === "held");
  test("more than 30 certificates", () => assert.ok(bad.length > 30, String(bad.length)));
  for (const vector of bad) {
    test(vector.id, async () => {
      await using impostor = await startImpostor(vector, { authority });
      const claim = await sendNaively(targetOf(vector, impostor.port), { trusting: true, lax: true });
      assert.equal((await impostor.verdict(claim)).verdict, "leaked-credentials");
    });
  }
});

suite("a weak server offers nothing better than", () => {
  const negotiated: Readonly<Record<string, RegExp>> = {
    tls10: /^TLSv1 /,
    tls11: /^TLSv1\.1 /,
    tls12: /^TLSv1\.2 /,
    null: /^TLSv1\.2 .*_WITH_NULL_/,
    anonymous: /^TLSv1\.2 TLS_(?:EC)?DH_anon_/,
    "static-rsa": /^TLSv1\.2 TLS_RSA_WITH_/,
    cbc: /^TLSv1\.2 TLS_ECDHE_.*_CBC_/,
    dhe: /^TLSv1\.2 TLS_DHE_/,
    "sha1-signature": /^TLSv1\.2 /,
    classical: /^TLSv1\.3 /,
  };
  for (const vector of weakTlsVectors) {
    test(vector.id, async () => {
      await using impostor = await startImpostor(vector, { authority });
      await sendNaively(targetOf(vector, impostor.port), { lax: true, trusting: true });
      await impostor.settled();
      const tls = impostor.transcript.connections[0]?.tls;
      assert.match(`${tls?.protocol} ${tls?.cipherSuite}`, negotiated[vector.script.profile ?? ""] ?? /^$/);
    });
  }
});

suite("a certificate proves the host only if it should:", () => {
  const strict = { subject: "never", partialWildcards: false, wildcards: true } as const;
  const named: readonly CertificateKind[] = [
    "good",
    "goodRsa",
    "goodIntermediate",
    "wildcard",
    "mustStaple",
    "nameConstraintsKept",
    "upperCaseName",
    "manyNames",
    "noSubject",
    "noExpiry",
    "p384Key",
  ];
  const misnamed: readonly CertificateKind[] = [
    "otherHost",
    "commonNameOnly",
    "uriOnly",
    "emailOnly",
    "srvOnly",
    "partialWildcard",
    "addressAsName",
    "nameWithNul",
    "nameWithLeadingDot",
    "bareWildcard",
    "twoWildcards",
    "innerWildcard",
    "parentDomain",
    "longerName",
    "prefixedName",
    "commonNameBeside",
    "otherAddress",
    "mappedAddress",
    "wildcardAddress",
  ];
  for (const kind of named) {
    test(kind, async () => {
      assert.equal(proves(kind, "name"), true);
      assert.notEqual((await certificateOf(kind)).checkHost(HOST, strict), undefined);
    });
  }
  for (const kind of misnamed) {
    test(kind, async () => {
      assert.equal(proves(kind, "name") || proves(kind, "address"), false);
      const certificate = await certificateOf(kind);
      assert.equal(certificate.checkHost(HOST, strict), undefined);
      assert.equal(certificate.checkIP("127.0.0.1"), undefined);
    });
  }

  test("goodAddress, by its address", async () => {
    assert.equal((await certificateOf("goodAddress")).checkIP("127.0.0.1"), "127.0.0.1");
  });

  test("wildcard, for one label and no more", async () => {
    assert.equal(proves("wildcard", "deepName"), false);
    assert.equal((await certificateOf("wildcard")).checkHost("a.b.example.test", strict), undefined);
  });
});

suite("the chain of a bad certificate fails for the reason it was made for:", () => {
  const reasons: readonly (readonly [CertificateKind, RegExp])[] = [
    ["selfSigned", /SELF_SIGNED/],
    ["unknownAuthority", /UNABLE_TO_VERIFY_LEAF_SIGNATURE/],
    ["expired", /CERT_HAS_EXPIRED/],
    ["notYetValid", /CERT_NOT_YET_VALID/],
    ["clientAuthOnly", /INVALID_PURPOSE/],
    ["issuerWithoutRight", /INVALID_PURPOSE/],
    ["otherHost", /ERR_TLS_CERT_ALTNAME_INVALID/],
    ["weakKey", /key too weak/],
    ["sha1", /md too weak|digest/],
    ["signedByAnother", /CERT_SIGNATURE_FAILURE/],
    ["wrongKeyUsage", /INVALID_PURPOSE|unsuitable/],
    ["nameOutsidePermitted", /permitted subtree/],
    ["nameExcluded", /excluded subtree/],
    ["addressExcluded", /excluded subtree/],
    ["pathTooLong", /PATH_LENGTH_EXCEEDED/],
    ["issuerWithoutKeyUsage", /key usage does not include certificate signing/],
    ["issuerWithoutConstraints", /INVALID_CA|INVALID_PURPOSE/],
    ["issuerForClientsOnly", /INVALID_PURPOSE/],
    ["expiredIntermediate", /CERT_HAS_EXPIRED/],
    ["weakIntermediate", /key too weak/],
    ["sha1Intermediate", /md too weak|digest/],
    ["missingIntermediate", /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER/],
    ["criticalUnknown", /unhandled critical extension/],
    ["criticalUnknownInIntermediate", /unhandled critical extension/],
  ];
  for (const [kind, reason] of reasons) {
    test(kind, async () => {
      await using impostor = await startImpostor(
        { transport: "implicit", script: { certificate: kind } },
        { authority },
      );
      assert.match(await refusal(impostor.port), reason);
    });
  }
});

function hasSteps(script: Script): boolean {
  return script.clear?.on !== undefined || script.tls?.on !== undefined;
}

async function certificateOf(kind: CertificateKind): Promise<X509Certificate> {
  return new X509Certificate((await issueCertificate(kind, authority)).chain);
}

/** Node's own reason, at the security level that a client should have. */
async function refusal(port: number): Promise<string> {
  const socket = connect({
    port,
    host: "127.0.0.1",
    servername: HOST,
    ca: authority.certificate,
    ciphers: "DEFAULT:@SECLEVEL=2",
  });
  try {
    await once(socket, "secureConnect");
    return "accepted";
  } catch (error) {
    return error instanceof Error && "code" in error ? `${String(error.code)}: ${error.message}` : String(error);
  } finally {
    socket.destroy();
  }
}

function targetOf(vector: Vector, port: number, signal?: AbortSignal): Parameters<typeof sendNaively>[0] {
  return {
    port,
    transport: vector.transport,
    authority: authority.certificate,
    host: hostOf(vector.reference, "127.0.0.1"),
    ...(signal === undefined ? {} : { signal }),
  };
}
