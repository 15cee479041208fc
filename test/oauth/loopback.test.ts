/** The browser's way back to this machine: what comes there besides it, and what it may bring. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { type Authority, createAuthority, HOST } from "@postseal/lab";
import { InputError } from "@postseal/mailer";
import { type Issuer, memoryStore, microsoft, OAuthError, type SignIn, startBrowserSignIn } from "@postseal/oauth";
import { bodyOf, type HttpsServer, startHttpsServer } from "./https-server.ts";

let authority: Authority;
let server: HttpsServer;
/** The issuer answers only after this. */
let isDue: Promise<void> = Promise.resolve();
/** The bodies of the requests for a token. */
const exchanged: URLSearchParams[] = [];
before(async () => {
  authority = await createAuthority();
  server = await startHttpsServer(authority, (incoming, response) => {
    void bodyOf(incoming).then(async (body) => {
      exchanged.push(new URLSearchParams(body));
      await isDue;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ access_token: "access", token_type: "Bearer", scope: "mail" }));
    });
  });
});
after(() => server[Symbol.asyncDispose]());

function start(change: Partial<Issuer> = {}): Promise<SignIn> {
  exchanged.length = 0;
  const issuer: Issuer = {
    id: server.origin,
    authorizationEndpoint: new URL(`${server.origin}/auth`),
    tokenEndpoint: new URL(`${server.origin}/token`),
    sendsIss: true,
    ...change,
  };
  const options = { issuer, client: { id: "client" }, store: memoryStore(), scope: "mail", servers: [HOST] };
  return startBrowserSignIn({ ...options, https: server.https });
}

interface Got {
  readonly status: number | undefined;
  readonly location: string | undefined;
  readonly body: string;
}

async function get(
  url: string | URL,
  options: { readonly method?: string; readonly host?: string; readonly address?: string } = {},
): Promise<Got> {
  const { hostname, port, pathname, search } = new URL(url);
  const { method = "GET", host, address = hostname === "localhost" ? "127.0.0.1" : hostname } = options;
  const headers = { host: host ?? new URL(url).host };
  const sent = request({ host: address, port, path: `${pathname}${search}`, method, headers, agent: false });
  sent.end();
  const [response]: IncomingMessage[] = await once(sent, "response");
  assert.ok(response !== undefined);
  return { status: response.statusCode, location: response.headers.location, body: await text(response) };
}

/** The address to which the issuer sends the browser. */
function answerTo(signIn: SignIn, change: Readonly<Record<string, string>> = {}): URL {
  const redirect = new URL(signIn.url.searchParams.get("redirect_uri") ?? "");
  const state = signIn.url.searchParams.get("state") ?? "";
  for (const [name, value] of Object.entries({ code: "code", state, iss: server.origin, ...change }))
    redirect.searchParams.append(name, value);
  return redirect;
}

test("the request has a state, a challenge by S256 and a redirect to this machine that nobody configured", async () => {
  await using signIn = await start();
  const { searchParams } = signIn.url;
  assert.equal(searchParams.get("code_challenge_method"), "S256");
  assert.match(searchParams.get("code_challenge") ?? "", /^[\w-]{43}$/);
  assert.match(searchParams.get("state") ?? "", /^[\w-]{43}$/);
  assert.match(searchParams.get("redirect_uri") ?? "", /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  assert.match(signIn.local.href, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}$/);
});

test("noise is answered, and the wait goes on until the browser comes", async () => {
  await using signIn = await start();
  const finished = signIn.finish();
  const right = answerTo(signIn);
  const { port } = right;
  const elsewhere = new URL(right);
  elsewhere.pathname = "/other";
  const twice = new URL(right);
  twice.searchParams.append("code", "another");
  const noise: readonly (readonly [Parameters<typeof get>, number])[] = [
    [[`http://127.0.0.1:${port}/favicon.ico`], 404],
    [[elsewhere], 404],
    [[right, { method: "POST" }], 405],
    [[right, { method: "HEAD" }], 405],
    [[right, { host: "evil.example" }], 421],
    [[right, { host: `evil.example:${port}` }], 421],
    [[answerTo(signIn, { state: "x".repeat(43) })], 404],
    [[answerTo(signIn, { state: "" })], 404],
    [[twice], 404],
    [[`http://127.0.0.1:${port}/callback`], 404],
  ];
  for (const [words, status] of noise) assert.equal((await get(...words)).status, status, String(words[0]));
  // One that says nothing, and one that speaks something else.
  const mute = connect(Number(port), "127.0.0.1");
  const other = connect(Number(port), "127.0.0.1").end("EHLO example\r\n\r\n");
  await once(other.resume(), "close");
  assert.equal(exchanged.length, 0);
  assert.equal((await get(right)).status, 200);
  const tokens = await finished;
  assert.equal(tokens.accessToken?.reveal(), "access");
  assert.deepEqual(
    exchanged.map((sent) => sent.get("code")),
    ["code"],
  );
  for (const sent of exchanged) assert.match(sent.get("code_verifier") ?? "", /^[\w-]{43,128}$/);
  // Nobody listens any more.
  await once(mute.resume(), "close");
  await assert.rejects(get(right), /ECONNREFUSED/);
});

for (const [name, change, says] of [
  ["of another issuer", { iss: "https://other.example" }, /not from https:.*mixed up two issuers/],
  ["that does not name its issuer", { iss: "" }, /mixed up two issuers/],
  ["that is a refusal", { code: "", error: "access_denied" }, /did not agree/],
  ["with a hostile error", { error: "\x1b[2J" }, /an unreadable error/],
  ["without a code", { code: "" }, /has no code/],
  ["whose code has a line end", { code: "a\r\nb" }, /has no code/],
] as const)
  test(`an answer ${name} ends the sign-in, and no code is used`, async () => {
    await using signIn = await start();
    const finished = assert.rejects(signIn.finish(), (error: unknown) => {
      assert.ok(error instanceof OAuthError);
      assert.match(error.message, says);
      assert.doesNotMatch(error.message, /\p{Cc}/u);
      return true;
    });
    const address = answerTo(signIn, change);
    for (const [key, value] of Object.entries(change)) if (value === "") address.searchParams.delete(key);
    assert.equal((await get(address)).status, 400);
    await finished;
    assert.deepEqual(exchanged, []);
  });

test("an issuer that does not promise to name itself need not; if it does, it has to be right", async () => {
  {
    await using signIn = await start({ sendsIss: false });
    const address = answerTo(signIn);
    address.searchParams.delete("iss");
    await get(address);
    assert.equal((await signIn.finish()).scope, "mail");
  }
  await using signIn = await start({ sendsIss: false });
  await get(answerTo(signIn, { iss: "https://other.example" }));
  await assert.rejects(signIn.finish(), /mixed up/);
});

test("the address that begins the sign-in leads to the issuer once; opened twice, it ends the sign-in", async () => {
  await using signIn = await start();
  const { status, location } = await get(signIn.local);
  assert.deepEqual([status, location], [302, signIn.url.href]);
  assert.equal((await get(signIn.local)).status, 410);
  await assert.rejects(signIn.finish(), /was opened twice/);
  await assert.rejects(get(answerTo(signIn)), /ECONNREFUSED/);
  assert.deepEqual(exchanged, []);
});

test("a code is used once, even if the browser brings it twice at a time", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  isDue = promise;
  await using signIn = await start();
  const right = answerTo(signIn);
  assert.equal((await get(right)).status, 200);
  assert.equal((await get(right)).status, 404);
  const pasted = signIn.finish(right.href);
  resolve();
  assert.equal(await pasted, await signIn.finish());
  assert.equal(exchanged.length, 1);
});

test("for localhost both addresses are held, so that nobody else gets what a browser brings there", async () => {
  await using signIn = await start({ loopback: "localhost" });
  const right = answerTo(signIn);
  assert.match(right.href, /^http:\/\/localhost:\d+\/\?/);
  for (const host of ["127.0.0.1", "::1"]) {
    const thief = createServer().listen({ host, port: Number(right.port), exclusive: true });
    const outcome: unknown[] = await Promise.race([once(thief, "error"), once(thief, "listening")]);
    thief.close();
    assert.match(String(outcome[0]), /EADDRINUSE/, host);
  }
  assert.equal((await get(right, { address: "::1" })).status, 200);
  assert.equal((await signIn.finish()).scope, "mail");
});

test("no other machine reaches it: only loopback addresses are listened at", async () => {
  await using signIn = await start();
  const { port } = signIn.local;
  // Any other address of loopback's network would do if it listened at all of them.
  await assert.rejects(get(signIn.local, { address: "127.0.0.2", host: `127.0.0.1:${port}` }), /ECONNREFUSED/);
});

test("closing or aborting ends the sign-in and the listener", async () => {
  const signIn = await start();
  const finished = assert.rejects(signIn.finish(), /was ended before it was finished/);
  await signIn.close();
  await finished;
  await assert.rejects(get(signIn.local), /ECONNREFUSED/);
  const abort = new AbortController();
  const options = { client: { id: "client" }, store: memoryStore(), scope: "mail", signal: abort.signal };
  await using other = await startBrowserSignIn({ issuer: microsoft("contoso.example"), ...options });
  abort.abort(new Error("Ctrl-C"));
  await assert.rejects(other.finish(), /Ctrl-C/);
});

test("only an https page is opened", async () => {
  for (const page of ["javascript:alert(1)", "file:///etc/passwd", "http://id.example/"])
    await assert.rejects(start({ authorizationEndpoint: new URL(page) }), InputError);
});

test("options are judged strictly", async () => {
  const options = { issuer: microsoft(), client: { id: "client" }, store: memoryStore(), scope: "mail" };
  const wrong: readonly (readonly [object, string])[] = [
    [{ scopes: ["mail"] }, "scopes"],
    [{ scope: "" }, "scope"],
    [{ scope: "a  b" }, "scope"],
    [{ servers: [] }, "servers"],
    [{ servers: ["a b"] }, "servers[0]"],
    [{ resource: "a b" }, "resource"],
    [{ loginHint: "a\nb" }, "loginHint"],
    [{ https: { rejectUnauthorized: false } }, "https.rejectUnauthorized"],
    [{ https: { timeout: 60_000 } }, "https.timeout"],
  ];
  for (const [change, field] of wrong)
    await assert.rejects(
      startBrowserSignIn({ ...options, ...change }),
      (error: unknown) => error instanceof InputError && error.field === field,
      field,
    );
  for (const tenant of ["", "a/b", "..", "a?b", "a b"]) assert.throws(() => microsoft(tenant), InputError, tenant);
});
