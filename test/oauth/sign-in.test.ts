/** Signing in, renewing and signing out at a real issuer (oidc-provider) over HTTPS, with a person who fills in its forms. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";
import {
  clientCredentials,
  discover,
  memoryStore,
  OAuthError,
  register,
  signedIn,
  signOut,
  startBrowserSignIn,
  startDeviceSignIn,
} from "@postseal/oauth";
import { Secret } from "@postseal/mailer";
import { clientKeys, daemonClient, desktopClient, mailScope } from "../interop/servers/oidc.ts";
import { visit } from "../interop/servers/person.ts";
import { createStand, SCOPE, SERVER, type Stand, USER } from "./stand.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
let stand: Stand;
before(async () => {
  stand = await createStand({ clientJwk: { ...publicKey.export({ format: "jwk" }) } });
});
after(() => stand[Symbol.asyncDispose]());

const client = { id: desktopClient };

/** Whether the issuer takes the token for alice's and for mail. */
async function isLive(token: Secret): Promise<boolean> {
  const found = await stand.oidc.provider.AccessToken.find(token.reveal());
  return found?.accountId === USER && found.scope?.includes(mailScope) === true;
}

test("an issuer describes itself, with endpoints of its own domain", async () => {
  const { issuer } = stand;
  assert.equal(issuer.id, stand.oidc.issuer);
  assert.equal(issuer.tokenEndpoint.href, `${stand.oidc.issuer}/token`);
  assert.equal(issuer.sendsIss, true);
  assert.ok(issuer.scopes?.includes(mailScope));
  const port = new URL(stand.oidc.issuer).port;
  // The certificate is for localhost alone; and an address is no name.
  await assert.rejects(discover(`https://127.0.0.1:${port}`, stand.https), /give an address such as/);
});

test("a person signs in by the browser of this machine, and the token is renewed with another refresh token", async () => {
  const store = memoryStore();
  const tokens = await stand.signIn(store);
  assert.ok(tokens.accessToken !== undefined && tokens.refreshToken !== undefined);
  assert.deepEqual([tokens.servers, tokens.issuer, tokens.clientId], [[SERVER], stand.oidc.issuer, desktopClient]);
  assert.ok(await isLive(tokens.accessToken));
  const source = signedIn({ issuer: stand.issuer, client, store, https: stand.https });
  assert.equal((await source.token({ server: SERVER })).reveal(), tokens.accessToken.reveal());
  const next = await source.token({ renew: true });
  assert.ok(await isLive(next));
  assert.notEqual(next.reveal(), tokens.accessToken.reveal());
  const kept = await store.read();
  assert.notEqual(kept?.refreshToken?.reveal(), tokens.refreshToken.reveal());
  assert.deepEqual(kept?.signedInAt, tokens.signedInAt);
  // Once more, with the new one: a source that had kept the old one would have ended the sign-in.
  assert.ok(await isLive(await source.token({ renew: true })));
});

test("the browser may be on another machine: the address at which it ended is pasted", async () => {
  const store = memoryStore();
  await using signIn = await stand.begin(store);
  const { url } = await stand.visit(signIn.url, true);
  const waiting = signIn.finish();
  await assert.rejects(signIn.finish("not an address"), /paste the whole line/);
  await assert.rejects(signIn.finish(url.replace(/state=[^&]+/, "state=other")), /belongs to another sign-in/);
  const tokens = await signIn.finish(` ${url}\n`);
  assert.equal(await waiting, tokens);
  assert.equal(await store.read(), tokens);
});

test("a person signs in by a code on another device", async () => {
  const store = memoryStore();
  const { issuer, https, authority, oidc } = stand;
  const device = await startDeviceSignIn({ issuer, client, store, scope: SCOPE, servers: [SERVER], https });
  assert.match(device.userCode, /^[A-Z]{4}-[A-Z]{4}$/);
  const asked = oidc.requests.filter((one) => one === "POST /token").length;
  // The issuer names no interval, so it is asked after five seconds.
  const finished = device.finish();
  await visit(device.url, { authority, user: USER, code: device.userCode });
  assert.equal(device.finish(), finished);
  const tokens = await finished;
  assert.ok(tokens.accessToken !== undefined && (await isLive(tokens.accessToken)));
  assert.equal(oidc.requests.filter((one) => one === "POST /token").length, asked + 1);
});

test("an application gets tokens by its secret, or by its key", async () => {
  const { issuer, https } = stand;
  const key = new Secret(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  for (const application of [
    { id: daemonClient.id, secret: new Secret(daemonClient.secret) },
    { id: clientKeys.clientId, key: () => ({ privateKey: key, keyId: clientKeys.kid }) },
  ]) {
    const source = clientCredentials({ issuer, client: application, scope: mailScope, servers: [SERVER], https });
    const token = await source.token();
    assert.ok((await stand.oidc.provider.ClientCredentials.find(token.reveal())) !== undefined, application.id);
    assert.equal(await source.token(), token, "it is kept");
  }
  const wrong = { id: daemonClient.id, secret: new Secret("wrong-canary") };
  await assert.rejects(
    clientCredentials({ issuer, client: wrong, scope: mailScope, servers: [SERVER], https }).token(),
    (error: unknown) =>
      error instanceof OAuthError &&
      error.code === "MAIL_AUTH_CREDENTIALS" &&
      error.error === "invalid_client" &&
      error.status === 401 &&
      error.cause === undefined,
  );
});

test("an application is registered without an account there, and a person signs in to it", async () => {
  const { issuer, https } = stand;
  const registered = await register(issuer, { name: "Postseal", https });
  const store = memoryStore();
  await using signIn = await startBrowserSignIn({
    issuer,
    client: registered,
    store,
    scope: SCOPE,
    servers: [SERVER],
    https,
  });
  const [tokens] = await Promise.all([signIn.finish(), stand.visit(signIn.local)]);
  assert.equal(tokens.clientId, registered.id);
  // By a code too, if the issuer offers that.
  const options = { issuer, client: registered, store, scope: SCOPE, servers: [SERVER], https };
  assert.match((await startDeviceSignIn(options)).userCode, /^[A-Z]{4}-[A-Z]{4}$/);
  assert.ok(tokens.accessToken !== undefined && (await isLive(tokens.accessToken)));
});

test("signing out ends the sign-in at the issuer, then here", async () => {
  const store = memoryStore();
  const tokens = await stand.signIn(store);
  const { issuer, https } = stand;
  assert.equal(await signOut({ issuer, client, store, https }), "revoked");
  assert.equal(await store.read(), undefined);
  assert.ok(tokens.refreshToken !== undefined);
  assert.equal(await stand.oidc.provider.RefreshToken.find(tokens.refreshToken.reveal()), undefined);
  await assert.rejects(signedIn({ issuer, client, store, https }).token(), /Nobody has signed in/);
  // Some issuers cannot be asked.
  const { revocationEndpoint: _, ...mute } = issuer;
  await stand.signIn(store);
  assert.equal(await signOut({ issuer: mute, client, store, https }), "removed");
});

test("a sign-in that was withdrawn is reported, remembered, and not asked about again", async () => {
  const store = memoryStore();
  await stand.signIn(store);
  const { issuer, https, oidc } = stand;
  const source = signedIn({ issuer, client, store, https });
  await oidc.revokeGrants();
  const asked = oidc.requests.length;
  const isEnded = (error: unknown): boolean =>
    error instanceof OAuthError && error.code === "MAIL_AUTH_SIGN_IN" && error.error === "invalid_grant";
  await assert.rejects(source.token({ renew: true }), isEnded);
  await assert.rejects(source.token({ renew: true }), isEnded);
  await assert.rejects(signedIn({ issuer, client, store, https }).token(), isEnded);
  assert.deepEqual(oidc.requests.slice(asked), ["POST /token"]);
  const kept = await store.read();
  assert.deepEqual(
    [kept?.ended?.error, kept?.accessToken, kept?.refreshToken],
    ["invalid_grant", undefined, undefined],
  );
  // A new sign-in begins anew.
  await stand.signIn(store);
  assert.ok(await isLive(await source.token()));
});

test("a token that the mail server refused is renewed, once", async () => {
  const store = memoryStore();
  await stand.signIn(store);
  const { issuer, https, oidc } = stand;
  const source = signedIn({ issuer, client, store, https });
  const first = await source.token();
  const asked = oidc.requests.length;
  source.refused(first);
  const [second, third] = await Promise.all([source.token(), source.token()]);
  assert.notEqual(second.reveal(), first.reveal());
  assert.equal(second, third);
  // Somebody hears of the refusal late: the newer token is not thrown away.
  source.refused(first);
  assert.equal((await source.token()).reveal(), second.reveal());
  assert.deepEqual(oidc.requests.slice(asked), ["POST /token"]);
});

test("two programs that need a token at the same time share one renewal", async () => {
  const store = memoryStore();
  const tokens = await stand.signIn(store);
  await store.update(async () => ({ ...tokens, expiresAt: new Date(Date.now() - 1) }));
  const { issuer, https, oidc } = stand;
  const asked = oidc.requests.length;
  const sources = [1, 2, 3].map(() => signedIn({ issuer, client, store, https }));
  const [first, ...others] = await Promise.all(sources.map((source) => source.token()));
  assert.ok(first !== undefined && others.every((other) => other.reveal() === first.reveal()));
  assert.deepEqual(oidc.requests.slice(asked), ["POST /token"]);
});

test("a caller that gives up does not tear a renewal apart", async () => {
  const store = memoryStore();
  const tokens = await stand.signIn(store);
  await store.update(async () => ({ ...tokens, expiresAt: new Date(Date.now() - 1) }));
  const { issuer, https } = stand;
  const source = signedIn({ issuer, client, store, https });
  const abort = new AbortController();
  const given = assert.rejects(source.token({ signal: abort.signal }), /no longer wanted/);
  abort.abort(new Error("no longer wanted"));
  await given;
  assert.ok(await isLive(await source.token()));
  assert.notEqual((await store.read())?.refreshToken?.reveal(), tokens.refreshToken?.reveal());
});

test("while the issuer is away, a token that is still valid is used; after that, a later try may succeed", async () => {
  const store = memoryStore();
  const tokens = await stand.signIn(store);
  const { issuer, https, oidc } = stand;
  const source = signedIn({ issuer, client, store, https });
  const soon = new Date(Date.now() + 5_000);
  await store.update(async () => ({ ...tokens, expiresAt: soon }));
  oidc.setOutage(503);
  try {
    assert.equal((await source.token()).reveal(), tokens.accessToken?.reveal());
    await store.update(async () => ({ ...tokens, expiresAt: new Date(Date.now() - 1) }));
    await assert.rejects(
      source.token(),
      (error: unknown) =>
        error instanceof OAuthError &&
        error.code === "MAIL_AUTH_DEFERRED" &&
        error.disposition === "retry" &&
        error.status === 503,
    );
  } finally {
    oidc.setOutage(undefined);
  }
  assert.ok(await isLive(await source.token()));
});

test("an issuer without a page or a code to sign in says so", async () => {
  const { authorizationEndpoint: _, deviceEndpoint: __, ...mute } = stand.issuer;
  const options = { issuer: mute, client, store: memoryStore(), scope: SCOPE, servers: [SERVER], https: stand.https };
  await assert.rejects(startBrowserSignIn(options), /has no page to sign in at/);
  await assert.rejects(startDeviceSignIn(options), /offers no sign-in by a code/);
});
