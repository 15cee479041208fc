/** Postseal accepts exactly the cipher suites that the guide's table says it accepts. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { suite, test } from "node:test";
import { connect, createSecureContext } from "node:tls";
import { createMailer, MailError } from "@postseal/mailer";
import { createAuthority } from "@postseal/lab";
import { cell, codeLines, tableUnder } from "./guide.ts";
import { only, serveOnly } from "./lone-suite.ts";
import { chooseSuite } from "./server-hello.ts";

const suites = tableUnder("The cipher string, suite by suite").map((row) => ({
  iana: cell(row, "IANA name"),
  openSsl: cell(row, "OpenSSL name"),
  code: cell(row, "code"),
  keyExchange: cell(row, "key exchange"),
  forwardSecrecy: cell(row, "forward secrecy"),
  aead: cell(row, "AEAD"),
  verdict: cell(row, "Postseal"),
}));
const tls13Suites = ["TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"];
/** Rows that the expansion lacks: OpenSSL 3.0 has no 3DES suites, and the string excludes NULL suites. */
const added = /3DES|NULL/;

const authority = await createAuthority();
const ecdsa = await authority.issue({ key: "p256" });
const rsa = await authority.issue({ key: "rsa2048" });

suite("the table", () => {
  test("has each suite that OpenSSL 3.0 expands the string to, in its order", (t) => {
    const version = opensslSays("version");
    if (!version.startsWith("OpenSSL 3.0.")) return t.skip(`the table is of OpenSSL 3.0, and here is ${version}`);
    const [string = ""] = codeLines("text");
    const expanded = opensslSays("ciphers", "-V", "-stdname", `${string}:@SECLEVEL=0`)
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      // OpenSSL lists the suites of TLS 1.3 whatever the string says.
      .filter(([, , iana = ""]) => iana.includes("_WITH_"))
      .map(([code = "", , iana, , openSsl, , kx = "", , , mac]) => ({
        iana,
        openSsl,
        code: code.replace(",0x", ""),
        keyExchange: kx.replace("Kx=", "").replace("DH", "DHE"),
        forwardSecrecy: kx === "Kx=RSA" ? "no" : "yes",
        aead: mac === "Mac=AEAD" ? "yes" : "no",
        verdict: "",
      }));
    const listed = suites.filter(({ iana }) => !added.test(iana));
    assert.deepEqual(
      listed.map((row) => ({ ...row, verdict: "" })),
      expanded,
    );
    return undefined;
  });

  test("says yes to six, all with forward secrecy and authenticated encryption", () => {
    const accepted = suites.filter(isAccepted);
    assert.equal(suites.length, 77);
    assert.equal(accepted.length, 6);
    for (const { forwardSecrecy, aead } of accepted) assert.deepEqual([forwardSecrecy, aead], ["yes", "yes"]);
  });
});

suite("a server that supports one suite alone", () => {
  for (const row of suites.filter(({ iana }) => !/3DES|_DSS_/.test(iana))) {
    const { iana, openSsl } = row;
    const accepted = isAccepted(row);
    test(`${iana} is ${accepted ? "accepted" : "refused"}`, async () => {
      await using server = await serveOnly(openSsl, iana.includes("_ECDSA_") ? ecdsa : rsa);
      assert.equal(await anythingGoes(server.port, openSsl), iana, "the server does not support it");
      assert.equal(await verified(server.port), accepted ? iana : "MAIL_TLS_POLICY");
    });
  }

  for (const name of tls13Suites) {
    test(`${name} of TLS 1.3 is accepted`, async () => {
      await using server = await serveOnly(name, ecdsa);
      assert.equal(await verified(server.port), name);
    });
  }

  for (const { openSsl } of suites.filter(({ iana }) => iana.includes("3DES"))) {
    test(`${openSsl} cannot be offered here: this OpenSSL does not have it`, () => {
      assert.throws(() => createSecureContext(only(openSsl)), /no cipher match/);
    });
  }
});

suite("a ServerHello that chooses", () => {
  for (const row of suites) {
    const { iana, code } = row;
    const accepted = isAccepted(row);
    test(`${iana} ${accepted ? "goes through" : "is refused"}`, async () => {
      await using server = await chooseSuite(Number(code));
      // If the suite is accepted, the error is the end of the connection, which follows the ServerHello.
      assert.equal(await verified(server.port), accepted ? "MAIL_NETWORK_LOST" : "MAIL_TLS_POLICY");
    });
  }
});

function isAccepted({ verdict }: { readonly verdict: string }): boolean {
  return verdict === "yes";
}

/** Returns the suite in the seal, or the error's code. */
async function verified(port: number): Promise<string> {
  const server = { host: "127.0.0.1", port, transport: "implicit" } as const;
  await using mailer = createMailer(server, { tls: { ca: { only: authority.certificate } } });
  try {
    return (await mailer.verify()).seal.cipherSuite;
  } catch (error) {
    if (error instanceof MailError) return error.code;
    throw error;
  }
}

/** The suite that a client without demands negotiates: the control, since a refusal alone would prove nothing. */
async function anythingGoes(port: number, openSsl: string): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, ca: authority.certificate, ...only(openSsl) });
  await once(socket, "secureConnect");
  const { standardName } = socket.getCipher();
  socket.destroy();
  return standardName;
}

function opensslSays(...words: readonly string[]): string {
  return execFileSync("openssl", words, { encoding: "utf8" }).trimEnd();
}
