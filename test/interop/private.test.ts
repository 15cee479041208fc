/** Private servers: a private authority, a pin, an address instead of a name, a relay without AUTH, a client certificate. */
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { createMailer, MailError, TlsError, type TlsOptions, type Transport } from "@postseal/mailer";
import { mailerFor, password, toLoopback, urlOf, user } from "./client.ts";
import { deliveredWith } from "./reader.ts";
import { startAiosmtpd } from "./servers/aiosmtpd.ts";
import { startExim } from "./servers/exim.ts";
import { startHaraka } from "./servers/haraka.ts";
import { type Authority, createAuthority, type Leaf } from "./servers/pki.ts";
import { startPostfix, type PostfixServer } from "./servers/postfix.ts";
import { serverName } from "./servers/server.ts";

let authority: Authority;
let stranger: Authority;
before(async () => {
  [authority, stranger] = [await createAuthority(), await createAuthority()];
});
after(async () => {
  await authority[Symbol.asyncDispose]();
  await stranger[Symbol.asyncDispose]();
});

const credentials = { username: user, password };
const letter = (text: string): { readonly from: string; readonly to: string; readonly text: string } => ({
  from: user,
  to: "bob@example.test",
  text,
});
const pem = (file: string): string => readFileSync(file, "utf8");

for (const transport of ["starttls", "implicit"] as const) {
  suite(`Postfix on the same machine, by ${transport}`, () => {
    let server: PostfixServer;
    before(async () => {
      server = await startPostfix({ authority });
    });
    after(() => server[Symbol.asyncDispose]());

    const trusting: Readonly<Record<string, () => TlsOptions>> = {
      "only a corporate authority": () => ({ ca: { only: pem(authority.caFile) } }),
      "a corporate authority beside the public ones": () => ({ ca: { add: pem(authority.caFile) } }),
      "an authority and a pin of the key": () => ({
        ca: { only: pem(authority.caFile) },
        pins: [pinOf(authority.ecdsa)],
      }),
      "the key alone": () => ({ trust: { pins: [pinOf(authority.ecdsa)] } }),
      "the key alone, by a backup pin": () => ({ trust: { pins: [pinOf(authority.rsa), pinOf(authority.ecdsa)] } }),
    };
    for (const [what, tls] of Object.entries(trusting)) {
      test(`takes mail from a client that trusts ${what}`, async () => {
        await using mailer = mailerFor(server, { authority, transport, tls: tls() });
        const { seal } = await mailer.send(letter(what));
        await deliveredWith(server, what);
        const byPin = "trust" in tls();
        assert.equal(seal?.verifiedBy, byPin ? "pin" : "pkix");
        assert.equal(seal?.rootOrigin, byPin ? undefined : "added");
        assert.equal(seal?.certificate.spki, pinOf(authority.ecdsa));
      });
    }

    test("is proved by its address, if that is in its certificate", async () => {
      await using mailer = atLoopback(server, transport, { ca: { only: pem(authority.caFile) } });
      const { seal } = await mailer.send(letter("by address"));
      assert.equal(seal?.serverName, "127.0.0.1");
      await deliveredWith(server, "by address");
    });

    const refused: Readonly<Record<string, readonly [tls: () => TlsOptions, code: string, reason?: string]>> = {
      "knows no authority for it": [() => ({}), "MAIL_TLS_UNVERIFIED", "untrusted-issuer"],
      "trusts another authority only": [
        () => ({ ca: { only: pem(stranger.caFile) } }),
        "MAIL_TLS_UNVERIFIED",
        "untrusted-issuer",
      ],
      "has pinned another key": [
        () => ({ ca: { only: pem(authority.caFile) }, pins: [pinOf(authority.rsa)] }),
        "MAIL_TLS_UNVERIFIED",
        "pin-mismatch",
      ],
      "trusts another key alone": [
        () => ({ trust: { pins: [pinOf(authority.rsa)] } }),
        "MAIL_TLS_UNVERIFIED",
        "pin-mismatch",
      ],
      "wants a post-quantum key exchange, which it does not have": [
        () => ({ ca: { only: pem(authority.caFile) }, postQuantum: "require" }),
        "MAIL_TLS_POLICY",
      ],
    };
    for (const [what, [tls, code, reason]] of Object.entries(refused)) {
      test(`hears no secret from a client that ${what}`, async () => {
        let asked = false;
        const source = (): typeof credentials => {
          asked = true;
          return credentials;
        };
        await using mailer = mailerFor(server, { authority, transport, tls: tls(), credentials: source });
        await assert.rejects(mailer.send(letter("never")), tlsError(code, reason));
        assert.equal(asked, false);
      });
    }

    test("is not taken for a server of another name", async () => {
      const url = urlOf(server, transport).replace(serverName, "mail.example.test");
      const tls = { ca: { only: pem(authority.caFile) } };
      await using mailer = createMailer(url, { tls, credentials, connect: toLoopback });
      await assert.rejects(mailer.verify(), tlsError("MAIL_TLS_UNVERIFIED", "wrong-name"));
    });
  });
}

for (const [name, start] of Object.entries({ Postfix: startPostfix, Exim: startExim }))
  test(`${name}'s MX port is a relay without AUTH, sealed and verified like any other`, async () => {
    await using server = await start({ authority });
    const relay = { host: serverName, port: server.mxPort };
    const tls = { ca: { only: pem(authority.caFile) } };
    await using mailer = createMailer(relay, { tls, connect: toLoopback });
    await mailer.send(letter("relayed"));
    await deliveredWith(server, "relayed");
    const { mechanism, seal } = await mailer.verify();
    assert.deepEqual([mechanism, seal.verifiedBy], [undefined, "pkix"]);

    await using unverified = createMailer(relay, { connect: toLoopback });
    await assert.rejects(unverified.send(letter("never")), tlsError("MAIL_TLS_UNVERIFIED", "untrusted-issuer"));
    await using withLogin = createMailer(relay, { tls, credentials, connect: toLoopback });
    await assert.rejects(withLogin.verify(), { code: "MAIL_AUTH_NOT_OFFERED" });
  });

for (const transport of ["starttls", "implicit"] as const)
  test(`Postfix that wants a client certificate gets it, by ${transport}; without it, it gets no mail`, async () => {
    await using server = await startPostfix({ authority, clientCertificate: "required" });
    const ca = { only: pem(authority.caFile) };
    const { certificateFile, keyFile } = authority.client;
    const clientCertificate = { cert: pem(certificateFile), key: pem(keyFile) };
    await using mailer = mailerFor(server, { authority, transport, tls: { ca, clientCertificate } });
    await mailer.send(letter("by certificate"));
    await deliveredWith(server, "by certificate");
    await using without = mailerFor(server, { authority, transport, tls: { ca } });
    await assert.rejects(without.send(letter("never")), (error) => {
      assert.ok(error instanceof MailError, String(error));
      assert.match(error.message, /No client certificate presented/);
      assert.deepEqual(error.receipt?.recipients, [{ address: "bob@example.test", outcome: "unsent" }]);
      return true;
    });
  });

test("an RSA certificate is accepted", async () => {
  await using server = await startAiosmtpd({ authority, leaf: authority.rsa });
  await using mailer = mailerFor(server, { authority });
  const { seal } = await mailer.verify();
  assert.equal(seal.certificate.spki, pinOf(authority.rsa));
});

test("a post-quantum key exchange can be required of a server that has it", async () => {
  await using server = await startHaraka({ authority });
  await using mailer = mailerFor(server, {
    authority,
    tls: { ca: { only: pem(authority.caFile) }, postQuantum: "require" },
  });
  const { seal } = await mailer.send(letter("post-quantum"));
  assert.deepEqual([seal?.keyExchange, seal?.postQuantum], ["X25519MLKEM768", true]);
});

function atLoopback(server: PostfixServer, transport: Transport, tls: TlsOptions): ReturnType<typeof createMailer> {
  const port = transport === "implicit" ? server.submissionsPort : server.submissionPort;
  return createMailer({ host: "127.0.0.1", port, transport }, { tls, credentials });
}

/** Makes a pin from the certificate file, as an administrator would. */
function pinOf({ certificateFile }: Leaf): string {
  const { publicKey } = new X509Certificate(pem(certificateFile));
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64");
}

function tlsError(code: string, reason?: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof TlsError, String(error));
    assert.deepEqual([error.code, error.reason], [code, reason]);
    return true;
  };
}
