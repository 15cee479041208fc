/** Certificates that are bad in one way each: the peer is refused for that reason and hears nothing (RFC 9525, RFC 5280). */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { createMailer, TlsError, type TlsOptions, type UnverifiedReason } from "@postseal/mailer";
import { type Authority, type CertificateKind, createAuthority, HOST, issueCertificate } from "@postseal/lab";
import type { Act } from "../scripts/script.ts";
import { playServer } from "../scripts/server.ts";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

const conversation: readonly Act[] = [
  { kind: "tls" },
  { kind: "server", octets: "220 mx.example ESMTP\r\n" },
  { kind: "client", octets: "EHLO [127.0.0.1]\r\n" },
  { kind: "server", octets: "250 mx.example\r\n" },
  { kind: "client", octets: "QUIT\r\n" },
  { kind: "server", octets: "221 bye\r\n" },
  { kind: "close" },
];

/** Connects by implicit TLS to a server with this certificate. */
async function meet(
  kind: CertificateKind,
  acts: readonly Act[],
  tls: TlsOptions = { ca: { only: authority.certificate } },
  host: string = HOST,
): Promise<{ readonly failure: unknown; readonly said: string }> {
  const { stream, over } = playServer(acts, await issueCertificate(kind, authority), "whole");
  const mailer = createMailer({ host, transport: "implicit" }, { tls, connect: async () => stream });
  const [said, failure] = await Promise.all([
    over,
    mailer.verify().then(
      () => undefined,
      (error: unknown) => error,
    ),
  ]);
  return { failure, said };
}

async function refuses(
  kind: CertificateKind,
  reason: UnverifiedReason,
  tls?: TlsOptions,
  host?: string,
): Promise<void> {
  const { failure, said } = await meet(kind, [{ kind: "tls" }], tls, host);
  assert.ok(failure instanceof TlsError, String(failure));
  assert.deepEqual([failure.code, failure.reason, failure.disposition], ["MAIL_TLS_UNVERIFIED", reason, "give-up"]);
  assert.match(failure.message, /Nothing was sent\./);
  assert.equal(said, "", "something was said inside TLS");
}

for (const kind of ["good", "goodRsa", "goodIntermediate", "wildcard"] as const) {
  test(`a certificate of the kind ${kind} proves the server`, async () => {
    const { failure, said } = await meet(kind, conversation);
    assert.deepEqual([failure, said], [undefined, ""]);
  });
}

test("an address is proved by an iPAddress name", async () => {
  assert.equal((await meet("goodAddress", conversation, undefined, "127.0.0.1")).failure, undefined);
});

const bad: readonly (readonly [CertificateKind, UnverifiedReason])[] = [
  ["selfSigned", "self-signed"],
  ["unknownAuthority", "untrusted-issuer"],
  ["expired", "expired"],
  ["clientAuthOnly", "wrong-purpose"],
  ["issuerWithoutRight", "wrong-purpose"],
  ["otherHost", "wrong-name"],
  ["commonNameOnly", "wrong-name"],
  ["uriOnly", "wrong-name"],
  ["emailOnly", "wrong-name"],
  ["srvOnly", "wrong-name"],
  ["partialWildcard", "wrong-name"],
];
for (const [kind, reason] of bad) {
  test(`a certificate of the kind ${kind} is refused: ${reason}`, () => refuses(kind, reason));
}

test("a certificate that is not valid yet is refused", async () => {
  const { failure } = await meet("notYetValid", [{ kind: "tls" }]);
  assert.ok(failure instanceof TlsError && failure.reason === "not-yet-valid", String(failure));
});

test("an address written as a DNS name proves no address", () =>
  refuses("addressAsName", "wrong-name", undefined, "127.0.0.1"));

test("a certificate proves no other name than its own, and a wildcard stands for one label", async () => {
  await refuses("wildcard", "wrong-name", undefined, "a.b.example.test");
  await refuses("wildcard", "wrong-name", undefined, "example.test");
  await refuses("good", "wrong-name", undefined, "xsmtp.example.test");
  await refuses("good", "wrong-name", undefined, "127.0.0.2");
});

test("a key or a signature that is too weak is refused, before or after the handshake", async () => {
  for (const kind of ["weakKey", "sha1"] as const) {
    const { failure, said } = await meet(kind, [{ kind: "tls" }]).catch((error: unknown) => ({
      failure: error,
      said: "",
    }));
    assert.ok(failure instanceof Error, `${kind} was accepted`);
    assert.equal(said, "");
  }
});

test("the public authorities do not vouch for a private one", () => refuses("good", "untrusted-issuer", {}));
