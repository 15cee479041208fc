/** Issuers that answer wrongly, on purpose or not: each ends as an error of ours, with no secret in it, and nothing goes elsewhere. */
import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { after, before, test } from "node:test";
import { inspect } from "node:util";
import { type Authority, createAuthority, HOST } from "@postseal/lab";
import { AuthenticationError, InputError, Secret } from "@postseal/mailer";
import {
  clientCredentials,
  discover,
  memoryStore,
  OAuthError,
  signedIn,
  startDeviceSignIn,
  type StoredTokens,
} from "@postseal/oauth";
import { type HttpsServer, startHttpsServer } from "./https-server.ts";

const REFRESH = "refresh-canary-0815";
const ACCESS = "access-canary-0815";
const CLIENT = "client-secret-canary-0815";

type Answer = (request: IncomingMessage, response: ServerResponse, elsewhere: string) => void;

let authority: Authority;
let elsewhere: HttpsServer;
let server: HttpsServer;
let answer: Answer;
before(async () => {
  authority = await createAuthority();
  elsewhere = await startHttpsServer(authority, (_, response) => json(response, 200, good));
  server = await startHttpsServer(authority, (request, response) => {
    request.resume();
    answer(request, response, elsewhere.origin);
  });
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await elsewhere[Symbol.asyncDispose]();
});

const good = { access_token: ACCESS, token_type: "Bearer", expires_in: 3600 };

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

/** Renews a sign-in whose access token has expired. */
async function renew(given: Answer): Promise<{ readonly error: unknown; readonly tokens: StoredTokens | undefined }> {
  answer = given;
  const earlier = new Date(Date.now() - 7_200_000);
  const store = memoryStore({
    issuer: server.origin,
    clientId: "client",
    scope: "mail",
    tokenEndpoint: `${server.origin}/token`,
    servers: [HOST],
    refreshToken: new Secret(REFRESH),
    signedInAt: earlier,
    renewedAt: earlier,
  });
  const source = signedIn({
    issuer: { id: server.origin, tokenEndpoint: new URL(`${server.origin}/token`), sendsIss: false },
    client: { id: "client", secret: () => new Secret(CLIENT) },
    store,
    https: { ...server.https, timeout: 2_000 },
  });
  const error: unknown = await source.token().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, tokens: await store.read() };
}

function assertNoSecret(error: unknown): void {
  assert.ok(error instanceof Error);
  const chain = [error, error.cause, error.stack, JSON.stringify(error), JSON.stringify(Object.entries(error))];
  const text = inspect(chain, { depth: 20, showHidden: true });
  for (const secret of [REFRESH, ACCESS, CLIENT]) {
    const octets = Buffer.from(secret);
    // As text, in base64, and as a buffer prints.
    const forms = [
      secret,
      octets.toString("base64").slice(0, 20),
      octets.toString("hex").replace(/../g, "$& ").slice(0, 40),
    ];
    for (const form of forms) assert.ok(!text.includes(form), `${form} in ${text}`);
  }
}

const echo = `${REFRESH} ${CLIENT} ${Buffer.from(REFRESH).toString("base64")} \x1b[2J\u202e`;

const answers: readonly (readonly [name: string, code: OAuthError["code"], answer: Answer])[] = [
  ["a page", "MAIL_AUTH_DEFERRED", (_, response) => response.end(`<h1>Hello ${echo}</h1>`)],
  ["JSON of another type", "MAIL_AUTH_DEFERRED", (_, response) => json(response, 200, [good, echo])],
  ["half an object", "MAIL_AUTH_DEFERRED", (_, response) => json(response, 200, JSON.stringify(good).slice(0, 50))],
  ["an object without a token", "MAIL_AUTH_DEFERRED", (_, response) => json(response, 200, { token_type: "Bearer" })],
  ["nothing", "MAIL_AUTH_DEFERRED", (_, response) => response.writeHead(204).end()],
  [
    "a token of another type",
    "MAIL_AUTH_CREDENTIALS",
    (_, response) => json(response, 200, { ...good, token_type: "DPoP" }),
  ],
  ["an unknown type", "MAIL_AUTH_DEFERRED", (_, response) => json(response, 200, { ...good, token_type: "mac" })],
  [
    "a token with a line end",
    "MAIL_AUTH_CREDENTIALS",
    (_, response) => json(response, 200, { ...good, access_token: "a\r\nb" }),
  ],
  [
    "a token with ^A",
    "MAIL_AUTH_CREDENTIALS",
    (_, response) => json(response, 200, { ...good, access_token: "a\x01b" }),
  ],
  [
    "a refresh token that is a number",
    "MAIL_AUTH_DEFERRED",
    (_, response) => json(response, 200, { ...good, refresh_token: 1 }),
  ],
  ["a negative life", "MAIL_AUTH_DEFERRED", (_, response) => json(response, 200, { ...good, expires_in: -1 })],
  [
    "a scope with a line end",
    "MAIL_AUTH_CREDENTIALS",
    (_, response) => json(response, 200, { ...good, scope: "a\nb" }),
  ],
  [
    "an echo of the secrets",
    "MAIL_AUTH_CREDENTIALS",
    (_, response) => json(response, 400, { error: "invalid_request", error_description: echo }),
  ],
  [
    "an error that is one of the secrets",
    "MAIL_AUTH_CREDENTIALS",
    (_, response) => json(response, 400, { error: REFRESH }),
  ],
  [
    "an error with control characters",
    "MAIL_AUTH_CREDENTIALS",
    (_, response) => json(response, 400, { error: "invalid\x1b[2J" }),
  ],
  [
    "an endless description",
    "MAIL_AUTH_CREDENTIALS",
    (_, response) =>
      json(response, 400, { error: "invalid_scope", error_description: `${"x".repeat(30_000)}${REFRESH}` }),
  ],
  [
    "a challenge",
    "MAIL_AUTH_CREDENTIALS",
    (_, response) =>
      response
        .writeHead(401, { "www-authenticate": `Bearer error="invalid_client", error_description="${REFRESH}"` })
        .end(),
  ],
  ["not found", "MAIL_AUTH_CREDENTIALS", (_, response) => response.writeHead(404).end(echo)],
  [
    "a redirect",
    "MAIL_AUTH_CREDENTIALS",
    (_, response, other) => response.writeHead(302, { location: `${other}/token` }).end(),
  ],
  [
    "a redirect that keeps the method",
    "MAIL_AUTH_CREDENTIALS",
    (_, response, other) => response.writeHead(307, { location: `${other}/token` }).end(),
  ],
  ["a server error", "MAIL_AUTH_DEFERRED", (_, response) => response.writeHead(500).end(echo)],
  ["too many requests", "MAIL_AUTH_DEFERRED", (_, response) => json(response, 429, {}, { "retry-after": "120" })],
  [
    "temporarily_unavailable",
    "MAIL_AUTH_DEFERRED",
    (_, response) => json(response, 400, { error: "temporarily_unavailable" }),
  ],
  ["100 KiB", "MAIL_AUTH_DEFERRED", (_, response) => json(response, 200, { ...good, filler: "x".repeat(100_000) })],
  [
    "an answer without an end",
    "MAIL_AUTH_DEFERRED",
    (_, response) => void response.writeHead(200).write("x".repeat(70_000)),
  ],
  ["silence", "MAIL_AUTH_DEFERRED", () => {}],
  [
    "a header without an end",
    "MAIL_AUTH_DEFERRED",
    (request) => void request.socket.write(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(20_000)}`),
  ],
  ["no HTTP", "MAIL_AUTH_DEFERRED", (request) => void request.socket.end(`220 smtp.example.test ESMTP ${echo}\r\n`)],
  [
    "another protocol",
    "MAIL_AUTH_DEFERRED",
    (request) => void request.socket.write("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
  ],
  [
    "an end in the middle",
    "MAIL_AUTH_DEFERRED",
    (request) => void request.socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n${JSON.stringify(good)}`),
  ],
  ["an end at once", "MAIL_AUTH_DEFERRED", (request) => void request.socket.destroy()],
];

for (const [name, code, given] of answers)
  test(`${name} in the place of a token is an error of ours, and the sign-in stays as it was`, async () => {
    elsewhere.requests.length = 0;
    const { error, tokens } = await renew(given);
    assert.ok(error instanceof OAuthError && error instanceof AuthenticationError, inspect(error));
    assert.equal(error.code, code, error.message);
    assert.equal(error.disposition, code === "MAIL_AUTH_DEFERRED" ? "retry" : "give-up");
    assert.ok(error.message.length < 900 && !/[\p{Cc}\u202e]/u.test(error.message), error.message);
    assertNoSecret(error);
    assert.equal(tokens?.refreshToken?.reveal(), REFRESH);
    assert.deepEqual(elsewhere.requests, []);
  });

test("too many requests are remembered: nobody asks again before the issuer's time", async () => {
  const { tokens } = await renew((_, response) => json(response, 429, {}, { "retry-after": "120" }));
  const wait = (tokens?.retryAfter?.getTime() ?? 0) - Date.now();
  assert.ok(wait > 60_000 && wait <= 120_000, String(wait));
  const asked = server.requests.length;
  const source = signedIn({
    issuer: { id: server.origin, tokenEndpoint: new URL(`${server.origin}/token`), sendsIss: false },
    client: { id: "client" },
    store: memoryStore(tokens),
    https: server.https,
  });
  await assert.rejects(source.token(), /wants no question before/);
  assert.equal(server.requests.length, asked);
});

test("an error code of another alphabet is not repeated", async () => {
  for (const code of ['invalid"grant', "invalid_grant\n", "x".repeat(65), ""]) {
    const { error } = await renew((_, response) => json(response, 400, { error: code }));
    assert.ok(error instanceof OAuthError);
    assert.deepEqual([error.error, error.status], [undefined, 400]);
    assert.match(error.message, /without a reason/);
  }
});

test("what is stored is of use for its own issuer and client alone", async () => {
  const { tokens } = await renew((_, response) => json(response, 200, good));
  const asked = server.requests.length;
  const tokenEndpoint = new URL(`${server.origin}/token`);
  const issuer = { id: server.origin, tokenEndpoint, sendsIss: false };
  for (const [given, client] of [
    [issuer, { id: "another" }],
    [{ ...issuer, id: "https://other.example" }, { id: "client" }],
    [{ ...issuer, tokenEndpoint: new URL(`${elsewhere.origin}/token`) }, { id: "client" }],
  ] as const)
    await assert.rejects(
      signedIn({ issuer: given, client, store: memoryStore(tokens), https: server.https }).token(),
      /What is stored is a sign-in at/,
    );
  assert.equal(server.requests.length, asked);
});

test("a page to enter a code at is by https", async () => {
  const endpoint = new URL(`${server.origin}/device`);
  const issuer = { id: server.origin, tokenEndpoint: endpoint, deviceEndpoint: endpoint, sendsIss: false };
  const options = {
    issuer,
    client: { id: "client" },
    store: memoryStore(),
    scope: "mail",
    servers: [HOST],
    https: server.https,
  };
  const code = { device_code: "device", user_code: "ABCD-EFGH", expires_in: 600 };
  for (const page of ["javascript:alert(1)", "http://id.example/", "https://a:b@id.example/", "nothing"]) {
    answer = (_, response) => json(response, 200, { ...code, verification_uri: page });
    await assert.rejects(startDeviceSignIn(options), /a page that is not by https/);
  }
  answer = (_, response) =>
    json(response, 200, { ...code, verification_uri: "https://id.example/", user_code: "\x1b[2J" });
  await assert.rejects(startDeviceSignIn(options), /a code that nobody can type/);
});

test("a sign-in by a code ends with the reason of the signal", async () => {
  const endpoint = new URL(`${server.origin}/device`);
  const issuer = { id: server.origin, tokenEndpoint: endpoint, deviceEndpoint: endpoint, sendsIss: false };
  const abort = new AbortController();
  answer = (_, response) =>
    json(response, 200, {
      device_code: "device",
      user_code: "ABCD",
      expires_in: 600,
      verification_uri: "https://id.example/",
    });
  const device = await startDeviceSignIn({
    issuer,
    client: { id: "client" },
    store: memoryStore(),
    scope: "mail",
    servers: [HOST],
    https: server.https,
    signal: abort.signal,
  });
  const finished = assert.rejects(device.finish(), /^Error: Ctrl-C$/);
  abort.abort(new Error("Ctrl-C"));
  await finished;
});

test("a clock that is wrong is named, by the Date of the issuer's refusal", async () => {
  const date = new Date(Date.now() + 600_000).toUTCString();
  const { error } = await renew((_, response) => json(response, 400, { error: "invalid_client" }, { date }));
  assert.ok(error instanceof OAuthError);
  assert.match(error.message, /this machine's is (?:599|600) s late/);
});

test("an identity token that nobody asked for is not looked at", async () => {
  const { error, tokens } = await renew((_, response) => json(response, 200, { ...good, id_token: "no.jwt.at-all" }));
  assert.equal(error, undefined);
  assert.equal(tokens?.accessToken?.reveal(), ACCESS);
});

test("sources, stores and tokens print no secret", async () => {
  const store = memoryStore();
  const source = clientCredentials({
    issuer: { id: server.origin, tokenEndpoint: new URL(`${server.origin}/token`), sendsIss: false },
    client: { id: "client", secret: new Secret(CLIENT) },
    scope: "mail",
    servers: [HOST],
    store,
    https: server.https,
  });
  answer = (_, response) => json(response, 200, good);
  await source.token();
  source.refused(new Secret(ACCESS));
  const stored = await store.read();
  const text =
    inspect([source, store, stored], { depth: 20, showHidden: true }) + JSON.stringify([source, store, stored]);
  for (const secret of [ACCESS, CLIENT]) assert.ok(!text.includes(secret), text);
});

/** What an issuer says of itself, and why it is not used. */
const descriptions: readonly (readonly [name: string, change: Readonly<Record<string, unknown>>, says: RegExp])[] = [
  ["another issuer", { issuer: "https://other.example" }, /calls itself https:/],
  ["a slash more", { issuer: `https://${HOST}/` }, /calls itself https:/],
  ["no token endpoint", { token_endpoint: undefined }, /names no token endpoint/],
  ["an endpoint in the clear", { token_endpoint: `http://${HOST}/token` }, /token_endpoint that is no https address/],
  ["a script", { authorization_endpoint: "javascript:alert(1)" }, /authorization_endpoint that is no https address/],
  ["a file", { authorization_endpoint: "file:///etc/passwd" }, /that is no https address/],
  ["a user", { token_endpoint: `https://a:b@${HOST}/token` }, /that is no https address/],
  ["another domain", { token_endpoint: "https://evil.test/token" }, /of another domain, evil\.test/],
  ["another top", { token_endpoint: "https://example.evil/token" }, /of another domain/],
  ["an address", { token_endpoint: "https://169.254.169.254/token" }, /of another domain/],
  ["an IPv6 address", { token_endpoint: "https://[::1]/token" }, /of another domain/],
  ["a number", { token_endpoint: "https://2852039166/token" }, /of another domain/],
  ["this machine", { device_authorization_endpoint: "https://localhost/token" }, /of another domain/],
  ["another port", { revocation_endpoint: `https://${HOST}:25/revoke` }, /of another domain/],
  ["no S256", { code_challenge_methods_supported: ["plain"] }, /without S256/],
];

for (const [name, change, says] of descriptions)
  test(`an issuer that names ${name} is not used`, async () => {
    answer = (request, response) =>
      request.url?.startsWith("/.well-known/oauth-authorization-server")
        ? json(response, 200, {
            issuer: server.origin,
            token_endpoint: `${server.origin}/token`,
            authorization_endpoint: `${server.origin}/auth`,
            ...change,
          })
        : response.writeHead(404).end();
    await assert.rejects(discover(server.origin, server.https), (error: unknown) => {
      assert.ok(error instanceof OAuthError);
      assert.match(error.message, says);
      return true;
    });
  });

test("only an https address with a name is an issuer", async () => {
  for (const text of [
    "http://id.example",
    "https://127.0.0.1",
    "https://[::1]",
    "https://a:secret@id.example",
    "id.example",
    "https://id.example/?a=b",
    "https://id.example/#a",
  ])
    await assert.rejects(
      discover(text, server.https),
      (error: unknown) => error instanceof InputError && error.field === "issuer" && !error.message.includes("secret"),
      text,
    );
});
