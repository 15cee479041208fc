/** An access token that the server refuses: the function that gave it is asked once more, and nothing is tried twice. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { before, test } from "node:test";
import { inspect } from "node:util";
import {
  type Authority,
  canaries,
  createAuthority,
  HOST,
  type Impostor,
  said,
  startImpostor,
  type Step,
} from "@postseal/lab";
import { AuthenticationError, connectSealed, type CredentialsFunction, Secret } from "@postseal/mailer";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

const challenge = Buffer.from(
  JSON.stringify({
    status: "401",
    scope: "mail",
    "openid-configuration": "https://id.example/.well-known/openid-configuration",
  }),
).toString("base64");
const refuse: readonly Step[] = [
  { do: "say", text: `334 ${challenge}\r\n` },
  { do: "swallow" },
  { do: "say", text: "535 5.7.8 No\r\n" },
];

type Facts = Parameters<CredentialsFunction>[0];

interface Attempt {
  readonly error: unknown;
  /** What the function was called with. */
  readonly asked: readonly Facts[];
  /** The tokens that the server got. */
  readonly tokens: readonly string[];
}

/** Logs in once. The server answers the first AUTH by `steps`; of later ones it takes only the login of its account. */
async function logIn(steps: readonly Step[], give: (facts: Facts) => string): Promise<Attempt> {
  await using impostor = await startImpostor(
    {
      transport: "starttls",
      script: { tls: { capabilities: ["AUTH XOAUTH2"], on: { AUTH: steps }, only: { AUTH: 1 } } },
    },
    { authority },
  );
  const asked: Facts[] = [];
  const session = await connectSealed(
    { host: HOST, port: 587 },
    {
      tls: { ca: { only: authority.certificate } },
      connect: async () => connect({ host: "127.0.0.1", port: impostor.port }),
    },
  );
  const error: unknown = await session
    .authenticate((facts) => {
      asked.push(facts);
      return { username: canaries.username, accessToken: give(facts) };
    })
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  await session.close();
  return { error, asked, tokens: await tokensAt(impostor) };
}

async function tokensAt(impostor: Impostor): Promise<readonly string[]> {
  await impostor.settled();
  const words = impostor.transcript.connections.map((connection) => said(connection, "client", "tls")).join("");
  return [...words.matchAll(/^AUTH XOAUTH2 (\S+)/gm)].map(
    ([, login = ""]) => /Bearer ([^\x01]*)/.exec(Buffer.from(login, "base64").toString())?.[1] ?? "",
  );
}

test("the function is asked once more, with what was refused and why, and the new token is tried on the same connection", async () => {
  const { error, asked, tokens } = await logIn(refuse, ({ refused }) =>
    refused === undefined ? "old" : canaries.password,
  );
  assert.equal(error, undefined);
  assert.deepEqual(tokens, ["old", canaries.password]);
  assert.equal(asked.length, 2);
  assert.deepEqual(Object.keys(asked[0] ?? {}), ["signal", "server"]);
  assert.deepEqual(
    asked.map(({ server }) => server),
    [HOST, HOST],
  );
  const { credentials, reply, ...why } = asked[1]?.refused ?? {};
  assert.deepEqual([credentials?.username, credentials?.accessToken.reveal()], [canaries.username, "old"]);
  assert.equal(reply?.code, 535);
  assert.deepEqual(why, { status: "401", scope: "mail", issuer: "https://id.example" });
  assert.ok(!inspect(asked[1], { depth: 9 }).includes("old"), "the refused token does not print");
});

test("a second refusal ends the login", async () => {
  const { error, asked, tokens } = await logIn(refuse, ({ refused }) => (refused === undefined ? "old" : "new"));
  assert.ok(error instanceof AuthenticationError);
  assert.equal(error.code, "MAIL_AUTH_REFUSED");
  assert.deepEqual([asked.length, tokens.length], [2, 2]);
});

test("the same token is not sent again", async () => {
  const { error, asked, tokens } = await logIn(refuse, () => "old");
  assert.ok(error instanceof AuthenticationError);
  assert.match(
    error.message,
    /refused the access token \(AUTH XOAUTH2\).* get a new one\. It said: "535 5\.7\.8 No" \(401; it wants the scope "mail"; of https:\/\/id\.example\)$/,
  );
  assert.deepEqual([asked.length, tokens], [2, ["old"]]);
});

test("a token that could not be checked just now is not taken for a bad one", async () => {
  const { error, asked } = await logIn([{ do: "say", text: "454 4.7.0 Later\r\n" }], () => "old");
  assert.ok(error instanceof AuthenticationError);
  assert.deepEqual([error.code, error.disposition, asked.length], ["MAIL_AUTH_DEFERRED", "retry", 1]);
});

test("if the server closes after its refusal, another try is worth it as soon as the function has another token", async () => {
  const steps: readonly Step[] = [{ do: "say", text: "535 5.7.8 No\r\n" }, { do: "close" }];
  const { error, asked } = await logIn(steps, ({ refused }) => (refused === undefined ? "old" : "new"));
  assert.ok(error instanceof AuthenticationError);
  assert.deepEqual([error.code, error.disposition, asked.length], ["MAIL_AUTH_DEFERRED", "retry", 2]);
  const { error: last } = await logIn(steps, () => "old");
  assert.ok(last instanceof AuthenticationError);
  assert.deepEqual([last.code, last.disposition], ["MAIL_AUTH_REFUSED", "give-up"]);
});

test("an AuthenticationError of the function is the error of the login, with its disposition; anything else is a cause", async () => {
  const later = new AuthenticationError("MAIL_AUTH_DEFERRED", "The token endpoint is down.", { disposition: "retry" });
  const signIn = new AuthenticationError("MAIL_AUTH_SIGN_IN", "Sign in again.");
  for (const thrown of [later, signIn]) {
    const { error, tokens } = await logIn(refuse, () => {
      throw thrown;
    });
    assert.ok(error instanceof AuthenticationError);
    const facts = ({ code, message, disposition }: AuthenticationError): readonly unknown[] => [
      code,
      message,
      disposition,
    ];
    assert.deepEqual(facts(error), facts(thrown));
    assert.deepEqual(tokens, []);
  }
  const { error } = await logIn(refuse, () => {
    throw new RangeError("a bug");
  });
  assert.ok(error instanceof AuthenticationError && error.cause instanceof RangeError);
  assert.equal(error.code, "MAIL_AUTH_CREDENTIALS");
});

test("a scope that repeats the token is struck out", async () => {
  const echo = Buffer.from(JSON.stringify({ status: "401", scope: "a-secret-token" })).toString("base64");
  const steps: readonly Step[] = [
    { do: "say", text: `334 ${echo}\r\n` },
    { do: "swallow" },
    { do: "say", text: "535 5.7.8 No\r\n" },
  ];
  const { error, asked } = await logIn(steps, () => "a-secret-token");
  assert.doesNotMatch(inspect([error, asked], { depth: 9 }), /a-secret-token/);
});

for (const [reply, says] of [
  [
    "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
    /SMTP AUTH is switched off/,
  ],
  ["535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", /takes no passwords any more/],
  ["535 5.7.3 Authentication unsuccessful", /shared mailbox: log in as yourself/],
] as const)
  test(`"${reply}" is explained`, async () => {
    const { error } = await logIn([{ do: "say", text: `${reply}\r\n` }], () => "token");
    assert.ok(error instanceof AuthenticationError);
    assert.match(error.message, says);
  });

test("a Secret that is the same token counts as the same", async () => {
  const token = new Secret("old");
  const { tokens } = await logIn(refuse, () => token.reveal());
  assert.equal(tokens.length, 1);
});
