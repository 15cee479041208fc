/** What is demanded beyond chain and name: pins, no resumption, channel binding, a client certificate. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { before, test } from "node:test";
import { createServer, type TLSSocket } from "node:tls";
import { createMailer, type Mailer, MailError, type MailerOptions, type TlsOptions } from "@postseal/mailer";
import {
  type Authority,
  attackNamed,
  beginLogin,
  canaries,
  createAuthority,
  HOST,
  type Impostor,
  listen,
  said,
  type Script,
  serve,
  type ServeOptions,
  startImpostor,
  startInterceptor,
} from "@postseal/lab";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

const credentials = { username: canaries.username, password: canaries.password };
const message = { from: canaries.sender, to: canaries.recipient, text: canaries.body };

function mailerTo(
  port: number,
  tls: TlsOptions,
  options: MailerOptions = {},
  transport: "starttls" | "implicit" = "implicit",
): Mailer {
  return createMailer(
    { host: HOST, port, transport },
    { credentials, tls, connect: async (target) => connect({ host: "127.0.0.1", port: target.port }), ...options },
  );
}

async function codeOf(sending: Promise<unknown>): Promise<string> {
  return sending.then(
    () => "sent",
    (error: unknown) => (error instanceof MailError ? error.code : String(error)),
  );
}

/** Everything a client said to an impostor inside TLS. */
function heard(impostor: Impostor): string {
  return impostor.transcript.connections.map((connection) => said(connection, "client", "tls")).join("");
}

const OTHER_PIN = createHash("sha256").update("another key").digest("base64");

test("a pin is checked in addition to chain and name", async () => {
  await using impostor = await startImpostor({ transport: "implicit", script: {} }, { authority });
  const ca = { only: authority.certificate };
  await using first = mailerTo(impostor.port, { ca });
  const { seal } = await first.verify();
  await using pinned = mailerTo(impostor.port, { ca, pins: [OTHER_PIN, seal.certificate.spki] });
  assert.equal((await pinned.verify()).seal.verifiedBy, "pkix");
  await using wrong = mailerTo(impostor.port, { ca, pins: [OTHER_PIN] });
  await assert.rejects(wrong.send(message), { code: "MAIL_TLS_UNVERIFIED", reason: "pin-mismatch" });
  await using untrusted = mailerTo(impostor.port, { pins: [seal.certificate.spki] });
  assert.equal(
    await codeOf(untrusted.send(message)),
    "MAIL_TLS_UNVERIFIED",
    "the right key does not make up for the chain",
  );
});

test("a trust pin replaces chain and name", async () => {
  await using impostor = await startImpostor(
    { transport: "starttls", script: { certificate: "selfSigned" } },
    { authority },
  );
  await using asking = mailerTo(impostor.port, { trust: { pins: [OTHER_PIN] } }, {}, "starttls");
  const refused = await asking.verify().catch((error: unknown) => error);
  const pin = /pin (\S{44})/.exec(String(refused))?.[1] ?? "";
  await using mailer = mailerTo(impostor.port, { trust: { pins: [pin] } }, {}, "starttls");
  const { seal } = await mailer.send(message);
  assert.equal(seal?.verifiedBy, "pin");
  assert.equal(seal?.certificate.spki, pin);
  assert.equal(seal?.rootOrigin, undefined);
});

/** On this path alone Node does not check by itself: nothing may be written before our own check has passed. */
const strangers: readonly (readonly [string, Script])[] = [
  ["TLS 1.3", { certificate: "selfSigned" }],
  ["TLS 1.2", { certificate: "selfSigned", profile: "tls12" }],
  ["a trusted chain", { certificate: "good" }],
  ["an RSA key", { certificate: "goodRsa" }],
];
for (const [name, script] of strangers) {
  for (const transport of ["starttls", "implicit"] as const) {
    test(`a peer without the trusted key hears nothing inside TLS (${name}, ${transport})`, async () => {
      await using impostor = await startImpostor({ transport, script }, { authority });
      await using mailer = mailerTo(impostor.port, { trust: { pins: [OTHER_PIN] } }, {}, transport);
      const told = await Promise.all([mailer.send(message), mailer.send(message), mailer.verify()].map(codeOf));
      assert.deepEqual(
        told,
        Array.from(told, () => "MAIL_TLS_UNVERIFIED"),
      );
      await impostor.settled();
      // The two messages wait for one connection, and both fail with it.
      assert.equal(impostor.transcript.connections.length, 2);
      assert.equal(heard(impostor), "");
    });
  }
}

test("no session is ever resumed, not even with the same server and policy", async () => {
  const leaf = await authority.issue();
  const reused: boolean[] = [];
  const server = createServer({ cert: leaf.chain, key: leaf.key }, (socket: TLSSocket) => {
    reused.push(socket.isSessionReused());
    const login: ServeOptions["login"] = (mechanism, offered, tls) => beginLogin(mechanism, canaries, { offered, tls });
    void serve(socket, { capabilities: ["AUTH PLAIN"], login });
  });
  await using listener = await listen((socket) => server.emit("connection", socket));
  await using mailer = mailerTo(listener.port, { ca: { only: authority.certificate } });
  for (let round = 0; round < 3; round += 1) await mailer.verify();
  assert.deepEqual(reused, [false, false, false]);
});

test("no option takes a session to resume", () => {
  const tls = { session: Buffer.alloc(8) };
  // @ts-expect-error there is no such option
  assert.throws(() => mailerTo(465, tls), { code: "MAIL_INPUT_OPTION", field: "tls.session" });
});

/** Sends through a man in the middle whose certificate the client trusts: only channel binding reveals it (RFC 9266). */
async function throughInterceptor(
  attack: "intercept" | "strip-plus",
  options: MailerOptions,
): Promise<{ code: string; read: string; lost: string; stored: number }> {
  await using server = await startImpostor({ transport: "starttls", script: {} }, { authority });
  const rogue: Authority = await createAuthority({ name: "Rogue authority" });
  let read = "";
  let lost = "";
  await using interceptor = await startInterceptor({
    attack: attackNamed(attack),
    upstream: { host: "127.0.0.1", port: server.port, transport: "starttls", ca: authority.certificate },
    authority: rogue,
    onEvent: (event) => {
      if (event.kind === "said" && event.by === "client" && event.channel === "tls") read += event.text;
      if (event.kind === "finding") lost += `${event.evidence}\n`;
    },
  });
  await using mailer = mailerTo(
    interceptor.port,
    { ca: { only: [authority.certificate, rogue.certificate] } },
    { ...options },
    "starttls",
  );
  const code = await codeOf(mailer.send(message));
  return { code, read, lost, stored: server.transcript.messages.length };
}

test("SCRAM-SHA-256-PLUS fails through an interceptor that a rogue authority vouches for", async () => {
  const { code, read, lost, stored } = await throughInterceptor("intercept", {});
  assert.match(read, /AUTH SCRAM-SHA-256-PLUS/);
  assert.ok(["MAIL_AUTH_REFUSED", "MAIL_AUTH_SERVER_UNPROVEN"].includes(code), code);
  assert.equal(stored, 0);
  assert.doesNotMatch(read, /^MAIL/m);
  assert.doesNotMatch(lost, /would have the password/);
});

test("an interceptor that strips -PLUS from the list is refused by the true server, which sees the flag y", async () => {
  const { code, read, stored } = await throughInterceptor("strip-plus", {});
  assert.match(read, /AUTH SCRAM-SHA-256 /);
  assert.ok(["MAIL_AUTH_REFUSED", "MAIL_AUTH_SERVER_UNPROVEN"].includes(code), code);
  assert.equal(stored, 0);
});

test("with the minimum scram-plus a stripped list is not answered at all", async () => {
  const { code, read } = await throughInterceptor("strip-plus", { auth: { minimum: "scram-plus" } });
  assert.equal(code, "MAIL_AUTH_NOT_OFFERED");
  assert.match(read, /^EHLO/m);
  assert.doesNotMatch(read, /AUTH/);
});

test("the same interceptor reads everything from a client that settles for PLAIN: only channel binding stops it", async () => {
  const { code, lost } = await throughInterceptor("strip-plus", { auth: { mechanism: "PLAIN" } });
  assert.equal(code, "sent");
  assert.match(lost, /AUTH PLAIN .* would have the password\n/);
});

test("channel binding is used if the server offers it, and the seal says so", async () => {
  await using impostor = await startImpostor({ transport: "starttls", script: {} }, { authority });
  await using mailer = mailerTo(impostor.port, { ca: { only: authority.certificate } }, {}, "starttls");
  const { seal } = await mailer.send(message);
  assert.equal(seal?.channelBinding, "tls-exporter");
});

test("TLS 1.2 has no channel binding to use", async () => {
  await using impostor = await startImpostor({ transport: "starttls", script: { profile: "tls12" } }, { authority });
  const ca = { only: authority.certificate };
  await using mailer = mailerTo(impostor.port, { ca }, {}, "starttls");
  const { mechanism, seal } = await mailer.verify();
  assert.equal(mechanism, "SCRAM-SHA-256");
  assert.equal(seal.channelBinding, undefined);
  await using bound = mailerTo(impostor.port, { ca }, { auth: { minimum: "scram-plus" } }, "starttls");
  assert.equal(await codeOf(bound.verify()), "MAIL_AUTH_NOT_OFFERED");
});

test("TLS 1.3 can be required", async () => {
  await using impostor = await startImpostor({ transport: "implicit", script: { profile: "tls12" } }, { authority });
  await using mailer = mailerTo(impostor.port, { ca: { only: authority.certificate }, minVersion: "TLSv1.3" });
  assert.equal(await codeOf(mailer.send(message)), "MAIL_TLS_POLICY");
});

test("a client certificate logs in by EXTERNAL", async () => {
  const issued = await authority.issue({
    usage: "client",
    commonName: canaries.username,
    names: [["email", `${canaries.username}@example.test`]],
  });
  await using impostor = await startImpostor(
    { transport: "starttls", script: { tls: { capabilities: ["AUTH EXTERNAL PLAIN"] } } },
    { authority, requestCertificate: true },
  );
  const ca = { only: authority.certificate };
  const clientCertificate = { cert: issued.chain, key: issued.key };
  await using mailer = mailerTo(
    impostor.port,
    { ca, clientCertificate },
    { credentials: { external: true } },
    "starttls",
  );
  assert.equal((await mailer.verify()).mechanism, "EXTERNAL");
});

test("credentials are fetched only after the peer is verified", async () => {
  for (const [script, fetched] of [
    [{}, 1],
    [{ certificate: "selfSigned" }, 0],
    [{ clear: { capabilities: [] } }, 0],
  ] as const) {
    await using impostor = await startImpostor({ transport: "starttls", script }, { authority });
    let calls = 0;
    const asked = (): typeof credentials => {
      calls += 1;
      return credentials;
    };
    await using mailer = mailerTo(
      impostor.port,
      { ca: { only: authority.certificate } },
      { credentials: asked },
      "starttls",
    );
    await codeOf(mailer.send(message));
    assert.equal(calls, fetched);
  }
});
