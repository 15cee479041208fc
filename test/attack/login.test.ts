/** AUTH with a server that has proved its identity, and still breaks the rules. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { before, test } from "node:test";
import {
  type AuthenticationOptions,
  connectSealed,
  type Credentials,
  observe,
  type SealedSession,
} from "@postseal/mailer";
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

test("454 is worth another try, and the error says so", async () => {
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
  test(`a challenge that the mechanism does not have: ${name}`, async () => {
    const mechanism = name.split(",")[0] ?? "";
    const refusal = Buffer.from('{"status":"invalid_token"}').toString("base64");
    await using impostor = await start({ capabilities: [`AUTH ${mechanism}`], on: { AUTH: saying(`334 ${refusal}`) } });
    const session = await open(impostor.port);
    await assert.rejects(session.authenticate(credentials, options), /MailError|AuthenticationError|NetworkError/);
    await session.close();
    assert.match(await heard(impostor), answer);
  });
}

const challenged: readonly (readonly [string, AuthenticationOptions, string])[] = [
  ["SCRAM with a nonce of its own", { mechanism: "SCRAM-SHA-256" }, "r=another,s=c2FsdA==,i=4096"],
  ["SCRAM with few iterations", { mechanism: "SCRAM-SHA-1" }, "i=1"],
  ["PLAIN, which has no challenge", { mechanism: "PLAIN" }, "more"],
  ["CRAM-MD5 with nothing to sign", { mechanism: "CRAM-MD5" }, ""],
];
const afterwards: readonly (readonly [string, readonly Step[]])[] = [
  ["says 235", saying("235 2.7.0 Welcome")],
  ["says 299, which SMTP does not know", saying("299 Well")],
  ["says no reply at all", saying("Welcome!")],
  ["says two things", saying("501 5.7.0 Cancelled", "235 2.7.0 Welcome")],
  ["closes", [{ do: "close" }]],
  ["resets", [{ do: "reset" }]],
  ["says nothing", [{ do: "stall" }]],
];
for (const [name, options, challenge] of challenged) {
  for (const [end, steps] of afterwards) {
    // Silence waits for a whole deadline: once is enough.
    if (end === "says nothing" && options.mechanism !== "SCRAM-SHA-256") continue;
    test(`the alarm over a challenge is reported, whatever follows the "*": ${name}, and then it ${end}`, async () => {
      const { mechanism = "" } = options;
      const AUTH: readonly Step[] = [
        ...saying(`334 ${Buffer.from(challenge).toString("base64")}`),
        { do: "swallow" },
        ...steps,
      ];
      await using impostor = await start({ capabilities: [`AUTH ${mechanism}`], on: { AUTH } });
      await using session = await open(impostor.port);
      const ends: unknown[] = [];
      using _ = observe({ "connection.closed": ({ error }) => ends.push(error) });
      let thrown: unknown;
      const login = session.authenticate(withPassword, options).catch((error: unknown) => {
        thrown = error;
        throw error;
      });
      await assert.rejects(login, {
        code: name === "SCRAM with a nonce of its own" ? "MAIL_AUTH_SERVER_UNPROVEN" : "MAIL_AUTH_PROTOCOL",
        mechanism,
        disposition: "give-up",
      });
      assert.equal(session.isOpen, false);
      assert.deepEqual(ends, [thrown], "observers see the same error");
      assert.match(await heard(impostor), /^\*\r\n/m);
    });
  }
}

const noBase64: readonly (readonly [string, Credentials])[] = [
  ["PLAIN", withPassword],
  ["LOGIN", withPassword],
  ["CRAM-MD5", withPassword],
  ["SCRAM-SHA-256", withPassword],
  ["XOAUTH2", withToken],
  ["EXTERNAL", { external: true }],
];
for (const [mechanism, credentials] of noBase64) {
  test(`a challenge that is not base64 is cancelled before the session ends: ${mechanism}`, async () => {
    const AUTH: readonly Step[] = [...saying("334 Rubbish"), { do: "swallow" }, ...saying("501 5.5.2 Cancelled")];
    await using impostor = await start({ capabilities: [`AUTH ${mechanism}`], on: { AUTH } });
    await using session = await open(impostor.port);
    await assert.rejects(session.authenticate(credentials), { code: "MAIL_AUTH_PROTOCOL", mechanism });
    assert.match(await heard(impostor), /^\*\r\n/m);
  });
}

for (const end of ["close", "reset"] as const) {
  test(`a token refused within the exchange is refused, however the connection then ends: ${end}`, async () => {
    const refusal = Buffer.from('{"status":"invalid_token"}').toString("base64");
    const AUTH: readonly Step[] = [...saying(`334 ${refusal}`), { do: "swallow" }, { do: end }];
    await using impostor = await start({ capabilities: ["AUTH OAUTHBEARER"], on: { AUTH } });
    await using session = await open(impostor.port);
    await assert.rejects(session.authenticate(withToken), {
      code: "MAIL_AUTH_REFUSED",
      message: /invalid_token/,
      disposition: "give-up",
    });
  });
}

test("235 without the server's proof is refused: a false server may accept any login to collect mail", async () => {
  await using impostor = await start({ on: { AUTH: saying("235 2.7.0 Welcome") } });
  await using session = await open(impostor.port);
  await assert.rejects(session.authenticate(withPassword), { code: "MAIL_AUTH_SERVER_UNPROVEN" });
  await assert.rejects(session.send({ from: canaries.sender, to: canaries.recipient }), { code: "MAIL_SESSION_SPENT" });
});

test("if only mechanisms below the minimum are offered, nothing is said", async () => {
  await using impostor = await start({ capabilities: ["AUTH PLAIN LOGIN CRAM-MD5"] });
  const session = await open(impostor.port);
  await assert.rejects(session.authenticate(withPassword, { minimum: "scram" }), { code: "MAIL_AUTH_NOT_OFFERED" });
  await session.close();
  assert.doesNotMatch(await heard(impostor), /AUTH/);
});

for (const [what, offer, options] of [
  ["no mechanism that we know", "AUTH GSSAPI NTLM", {}],
  ["no login", "SIZE", {}],
  ["nothing above the minimum", "AUTH PLAIN XOAUTH2 CRAM-MD5", { minimum: "scram" }],
  ["not the one that was chosen", "AUTH PLAIN", { mechanism: "LOGIN" }],
] as const) {
  test(`no secret is fetched for a server that offers ${what}`, async () => {
    await using impostor = await start({ capabilities: [offer] });
    await using session = await open(impostor.port);
    let fetched = 0;
    const fetch = (): Credentials => {
      fetched += 1;
      return withPassword;
    };
    await assert.rejects(session.authenticate(fetch, options), { code: "MAIL_AUTH_NOT_OFFERED" });
    assert.equal(fetched, 0);
  });
}

test("a session that is authenticated is not authenticated again", async () => {
  await using impostor = await start({});
  await using session = await open(impostor.port);
  await session.authenticate(withPassword);
  await assert.rejects(session.authenticate(withPassword), { code: "MAIL_SESSION_SPENT" });
  assert.equal((await session.command("NOOP")).code, 250, "the session no longer works");
});

test("a refusal to relay says that nobody has logged in, if the server offers that", async () => {
  await using impostor = await start({ on: { RCPT: saying("554 5.7.1 Relay access denied") } });
  await using session = await open(impostor.port);
  const message = { from: canaries.sender, to: canaries.recipient, text: "x" };
  await assert.rejects(session.send(message), { code: "MAIL_REFUSED", message: /You did not log in, .* offers AUTH/ });
  await session.close();
  await using other = await open(impostor.port);
  await other.authenticate(withPassword);
  await assert.rejects(other.send(message), { code: "MAIL_REFUSED", message: /will not help/ });
});
