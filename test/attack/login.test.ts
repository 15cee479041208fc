/** AUTH against a server that has proved who it is, and still does not play by the rules. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { before, test } from "node:test";
import { type AuthenticationOptions, connectSealed, type Credentials, type SealedSession } from "@postseal/mailer";
import {
  type Authority,
  canaries,
  createAuthority,
  HOST,
  type Impostor,
  said,
  type Stage,
  startImpostor,
  type Step,
} from "@postseal/lab";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

const { username, password } = canaries;
const withPassword: Credentials = { username, password };
const withToken: Credentials = { username, accessToken: "token" };

function start(tls: Stage): Promise<Impostor> {
  return startImpostor({ transport: "starttls", script: { tls } }, { authority });
}

function open(port: number): Promise<SealedSession> {
  return connectSealed(
    { host: HOST, port },
    {
      tls: { ca: { only: authority.certificate } },
      timeouts: { auth: 1_000 },
      connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
    },
  );
}

async function heard(impostor: Impostor): Promise<string> {
  await impostor.settled();
  return impostor.transcript.connections.map((connection) => said(connection, "client", "tls")).join("");
}

function saying(...replies: readonly string[]): readonly Step[] {
  return replies.map((text): Step => ({ do: "say", text: `${text}\r\n` }));
}

test("after a refusal there is no second attempt by a weaker mechanism, and the session is over", async () => {
  await using impostor = await start({ on: { AUTH: saying("535 5.7.8 No") } });
  const session = await open(impostor.port);
  await assert.rejects(session.authenticate(withPassword), {
    code: "MAIL_AUTH_REFUSED",
    mechanism: "SCRAM-SHA-256-PLUS",
  });
  await assert.rejects(session.authenticate(withPassword), { code: "MAIL_SESSION_SPENT" });
  await assert.rejects(session.command("NOOP"), { code: "MAIL_SESSION_SPENT" });
  await session.close();
  assert.equal((await heard(impostor)).match(/^AUTH/gm)?.length, 1);
});

test("454 is worth another try, and says so", async () => {
  await using impostor = await start({ on: { AUTH: saying("454 4.7.0 Later") } });
  await using session = await open(impostor.port);
  await assert.rejects(session.authenticate(withPassword), { code: "MAIL_AUTH_DEFERRED", disposition: "retry" });
});

const surplus: readonly (readonly [string, Credentials, AuthenticationOptions, RegExp])[] = [
  ["PLAIN", withPassword, { mechanism: "PLAIN" }, /^\*\r\n/m],
  ["XOAUTH2, answered by an empty line", withToken, { mechanism: "XOAUTH2" }, /^AUTH XOAUTH2 \S+\r\n\r\n/m],
  ["OAUTHBEARER, answered by AQ==", withToken, { mechanism: "OAUTHBEARER" }, /^AUTH OAUTHBEARER \S+\r\nAQ==\r\n/m],
];
for (const [name, credentials, options, answer] of surplus) {
  test(`a challenge where none is due: ${name}`, async () => {
    const mechanism = name.split(",")[0] ?? "";
    const refusal = Buffer.from('{"status":"invalid_token"}').toString("base64");
    await using impostor = await start({ capabilities: [`AUTH ${mechanism}`], on: { AUTH: saying(`334 ${refusal}`) } });
    const session = await open(impostor.port);
    await assert.rejects(session.authenticate(credentials, options), /MailError|AuthenticationError|NetworkError/);
    await session.close();
    assert.match(await heard(impostor), answer);
  });
}

test("a challenge that is not base64 ends the session", async () => {
  await using impostor = await start({ on: { AUTH: saying("334 not*base64") } });
  await using session = await open(impostor.port);
  await assert.rejects(session.authenticate(withPassword), { code: "MAIL_AUTH_PROTOCOL" });
});

test("235 without the server's proof is refused: it may let everybody in to collect their mail", async () => {
  await using impostor = await start({ on: { AUTH: saying("235 2.7.0 Welcome") } });
  await using session = await open(impostor.port);
  await assert.rejects(session.authenticate(withPassword), { code: "MAIL_AUTH_SERVER_UNPROVEN" });
  await assert.rejects(session.send({ from: canaries.sender, to: canaries.recipient }), { code: "MAIL_SESSION_SPENT" });
});

test("the minimum is kept where only weaker mechanisms are offered, and nothing is said", async () => {
  await using impostor = await start({ capabilities: ["AUTH PLAIN LOGIN CRAM-MD5"] });
  const session = await open(impostor.port);
  await assert.rejects(session.authenticate(withPassword, { minimum: "scram" }), { code: "MAIL_AUTH_NOT_OFFERED" });
  await session.close();
  assert.doesNotMatch(await heard(impostor), /AUTH/);
});

test("a session that is authenticated is not authenticated again", async () => {
  await using impostor = await start({});
  await using session = await open(impostor.port);
  await session.authenticate(withPassword);
  await assert.rejects(session.authenticate(withPassword), { code: "MAIL_SESSION_SPENT" });
  assert.equal((await session.command("NOOP")).code, 250, "and still works");
});
