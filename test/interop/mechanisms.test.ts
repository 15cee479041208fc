/**
 * Every server, by each of its transports and mechanisms: two parsers read what was sent, and a wrong secret is refused.
 */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, suite, test } from "node:test";
import {
  AuthenticationError,
  type ComposedMessage,
  type Credentials,
  type MechanismName,
  type Transport,
} from "@postseal/mailer";
import { mailerFor, password, user } from "./client.ts";
import { deliveredWith, readByPostalMime, readByPython, type Reading, sha256 } from "./reader.ts";
import { roster, type Server } from "./roster.ts";
import { accessToken } from "./servers/introspection.ts";
import { startMiddle } from "./servers/middle.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { serverName } from "./servers/server.ts";
import { startScramPlus } from "./servers/scram-plus.ts";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});
after(() => authority[Symbol.asyncDispose]());

for (const [name, entry] of Object.entries(roster)) {
  suite(name, { concurrency: 4 }, () => {
    let server: Server;
    before(async () => {
      server = await entry.start({ authority });
    });
    after(() => server[Symbol.asyncDispose]());

    const transports: readonly Transport[] = entry.start === startScramPlus ? ["starttls"] : ["starttls", "implicit"];
    for (const transport of transports) {
      test(`by ${transport}: verify says what it offers, and what TLS proved`, async () => {
        await using mailer = mailerFor(server, { authority, transport });
        const { seal, mechanism, capabilities } = await mailer.verify();
        assert.equal(mechanism, entry.strongest);
        assert.deepEqual(
          ["CHUNKING", "DSN", "SMTPUTF8"].map((keyword) => capabilities.includes(keyword)),
          [entry.chunking, entry.dsn, entry.smtpUtf8],
        );
        const { protocol, keyExchange, postQuantum, verifiedBy, rootOrigin } = seal;
        assert.deepEqual(
          { protocol, keyExchange, postQuantum, verifiedBy, rootOrigin },
          {
            protocol: "TLSv1.3",
            keyExchange: entry.keyExchange,
            postQuantum: entry.keyExchange === "X25519MLKEM768",
            verifiedBy: "pkix",
            rootOrigin: "added",
          },
        );
        assert.equal(seal.serverName, serverName);
      });

      for (const mechanism of entry.mechanisms) {
        test(`by ${transport} and ${mechanism}: a message arrives as it was written`, async () => {
          await using mailer = mailerFor(server, {
            authority,
            transport,
            credentials: credentialsFor(mechanism),
            auth: { mechanism },
          });
          const { message, reading } = letter(`${name}, ${transport}, ${mechanism}`);
          const receipt = await mailer.send(message);
          assert.deepEqual(
            receipt.recipients.map(({ outcome }) => outcome),
            ["accepted"],
          );
          assert.equal(receipt.seal?.channelBinding, mechanism.endsWith("-PLUS") ? "tls-exporter" : undefined);
          const delivered = await deliveredWith(server, receipt.messageId ?? "no Message-ID");
          assert.deepEqual(await readByPython(delivered), reading);
          assert.deepEqual(await readByPostalMime(delivered), reading);
        });

        test(`by ${transport} and ${mechanism}: a wrong secret is refused`, async () => {
          await using mailer = mailerFor(server, {
            authority,
            transport,
            credentials: credentialsFor(mechanism, "wrong"),
            auth: { mechanism },
          });
          await assert.rejects(mailer.verify(), (error) => {
            assert.ok(error instanceof AuthenticationError, String(error));
            assert.deepEqual([error.code, error.mechanism], ["MAIL_AUTH_REFUSED", mechanism]);
            return true;
          });
        });
      }
    }

    test("fails with MAIL_AUTH_NOT_OFFERED if none of its mechanisms may be used", async () => {
      const mailer = mailerFor(server, { authority, credentials: { external: true } });
      await assert.rejects(mailer.verify(), { code: "MAIL_AUTH_NOT_OFFERED" });
    });
  });
}

test("an attacker in the middle with a trusted certificate gets nothing from a password that is bound to TLS", async () => {
  await using server = await startScramPlus({ authority });
  await using middle = await startMiddle(server.submissionPort, authority);
  const relayed = { ...server, submissionPort: middle.port };
  await assert.rejects(mailerFor(relayed, { authority }).verify(), { code: "MAIL_AUTH_REFUSED" });
  // Shows that the middle relays: a login that is not bound passes through it.
  await using unbound = mailerFor(relayed, { authority, auth: { mechanism: "SCRAM-SHA-256" } });
  await unbound.verify();
});

test("the reader sees a defect if there is one", async () => {
  const broken = "From: a@example.test\r\nTo: b@example.test\r\nContent-Transfer-Encoding: base64\r\n\r\nA\r\n";
  assert.match(JSON.stringify(await readByPython(Buffer.from(broken))), /"defects": ?\["InvalidBase64/);
});

function credentialsFor(mechanism: MechanismName, secret?: string): Credentials {
  return mechanism === "OAUTHBEARER" || mechanism === "XOAUTH2"
    ? { username: user, accessToken: secret ?? accessToken }
    : { username: user, password: secret ?? password };
}

/** A message with everything that is easy to get wrong, and what a parser must find in it. */
function letter(subject: string): { readonly message: ComposedMessage; readonly reading: Reading } {
  const text = [
    "Grüße aus Köln — 寿司 🍣",
    ".",
    "..a line that begins with dots",
    "From here it could be an mbox",
    `one long line: ${"lorem ipsum ".repeat(120)}end`,
    "trailing space ",
    ".",
  ].join("\n");
  const html = '<p>Grüße — <b>寿司</b></p>\n<p>\n.\n</p>\n<a href="https://example.test/?a=b&amp;c=d">=3D</a>';
  const octets = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, value) => value)), randomBytes(4001)]);
  const files = [
    ["all octets.bin", octets],
    ["Übersicht 2026 – für „alle“.pdf", randomBytes(76 * 3)],
    ["empty.bin", Buffer.alloc(0)],
  ] as const;
  const long = `${subject}: Prüfung der Zustellung, ${"über mehrere Zeilen, ".repeat(8)}Ende`;
  return {
    message: {
      from: { name: 'Alice Ä. "Quoted" (Test)', address: user },
      to: [{ name: "Bob, the builder", address: "bob@example.test" }],
      subject: long,
      text,
      html,
      attachments: files.map(([filename, content]) => ({ filename, content })),
    },
    reading: {
      subject: long,
      from: [['Alice Ä. "Quoted" (Test)', user]],
      to: [["Bob, the builder", "bob@example.test"]],
      texts: [text, html],
      attachments: files.map(([filename, content]) => [filename, sha256(content)]),
      defects: [],
    },
  };
}
