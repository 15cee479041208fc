/** What Google, Microsoft and Fastmail do otherwise, as far as it was read of (November 2026), played by fakes over HTTPS. */
import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { chmod, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import path from "node:path";
import { after, before, test } from "node:test";
import { type Authority, createAuthority, makePrivateFolder } from "@postseal/lab";
import { InputError, Secret } from "@postseal/mailer";
import {
  clientCredentials,
  google,
  type Issuer,
  memoryStore,
  microsoft,
  OAuthError,
  register,
  serviceAccount,
  signedIn,
  startBrowserSignIn,
  startDeviceSignIn,
} from "@postseal/oauth";
import { calculateJwkThumbprint, decodeProtectedHeader, importSPKI, jwtVerify } from "jose";
import { bodyOf, type HttpsServer, startHttpsServer } from "./https-server.ts";

interface Said {
  readonly status?: number;
  readonly body: object;
}

type Fake = (form: URLSearchParams, request: IncomingMessage) => Said | Promise<Said>;

let authority: Authority;
let server: HttpsServer;
let folder: string;
let fake: Fake = () => ({ body: {} });
before(async () => {
  authority = await createAuthority();
  folder = makePrivateFolder("providers");
  server = await startHttpsServer(authority, (request, response) => {
    void bodyOf(request)
      .then(async (body) => fake(new URLSearchParams(body), request))
      .then(({ status = 200, body }) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
  });
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** The provider as it is, with its addresses at the fake's. */
function faked(issuer: Issuer): Issuer {
  const at = (url: URL | undefined): URL | undefined => url && new URL(url.pathname, server.origin);
  return {
    ...issuer,
    tokenEndpoint: new URL(issuer.tokenEndpoint.pathname, server.origin),
    authorizationEndpoint: at(issuer.authorizationEndpoint),
    deviceEndpoint: at(issuer.deviceEndpoint),
    revocationEndpoint: at(issuer.revocationEndpoint),
  };
}

const client = { id: "client", secret: new Secret("no-secret-at-all") };
const bearer = { token_type: "Bearer", expires_in: 3599 };

/** Comes back to this machine as a browser would. */
async function comeBack(url: URL, change: Readonly<Record<string, string>> = {}): Promise<void> {
  const redirect = new URL(url.searchParams.get("redirect_uri") ?? "");
  const state = url.searchParams.get("state") ?? "";
  for (const [name, value] of Object.entries({ code: "code", state, ...change }))
    redirect.searchParams.set(name, value);
  redirect.hostname = "127.0.0.1";
  await (await fetch(redirect)).text();
}

test("Google: a refresh token is asked for each time, none comes at a renewal, and the old one is kept", async () => {
  const issuer = faked(google);
  const store = memoryStore();
  const options = { issuer, client, store, https: server.https };
  const forms: URLSearchParams[] = [];
  fake = (form) => {
    forms.push(form);
    const isFirst = form.get("grant_type") === "authorization_code";
    const access = { access_token: `access-${forms.length}`, scope: "https://mail.google.com/", ...bearer };
    return { body: isFirst ? { ...access, refresh_token: "refresh" } : access };
  };
  await using signIn = await startBrowserSignIn({ ...options, scope: "https://mail.google.com/" });
  const { searchParams } = signIn.url;
  assert.deepEqual([searchParams.get("access_type"), searchParams.get("prompt")], ["offline", "consent"]);
  await comeBack(signIn.url, { iss: "https://accounts.google.com" });
  const tokens = await signIn.finish();
  assert.deepEqual(tokens.servers, ["smtp.gmail.com", "smtp-relay.gmail.com"]);
  const source = signedIn(options);
  assert.equal((await source.token({ renew: true })).reveal(), "access-2");
  assert.equal((await source.token({ renew: true })).reveal(), "access-3");
  assert.deepEqual(
    forms.map((form) => [form.get("grant_type"), form.get("refresh_token"), form.get("client_secret")]),
    [
      ["authorization_code", null, "no-secret-at-all"],
      ["refresh_token", "refresh", "no-secret-at-all"],
      ["refresh_token", "refresh", "no-secret-at-all"],
    ],
  );
});

test("Google: a person who did not tick the box for mail has not signed in", async () => {
  fake = () => ({ body: { access_token: "access", refresh_token: "refresh", scope: "openid", ...bearer } });
  const store = memoryStore();
  await using signIn = await startBrowserSignIn({
    issuer: faked(google),
    client,
    store,
    https: server.https,
    scope: "https://mail.google.com/",
  });
  await comeBack(signIn.url);
  await assert.rejects(signIn.finish(), (error: unknown) => {
    assert.ok(error instanceof OAuthError && error.code === "MAIL_AUTH_SIGN_IN");
    assert.match(error.message, /https:\/\/mail\.google\.com\/ is missing.*tick every box/);
    return true;
  });
  assert.equal(await store.read(), undefined);
});

test("Google: no code is asked for, since it gives none for mail; and a sign-in that lasted a week is explained", async () => {
  const options = { issuer: google, client, store: memoryStore(), scope: "https://mail.google.com/" };
  await assert.rejects(startDeviceSignIn(options), /no sign-in by a code, not for mail/);
  const signedInAt = new Date("2026-11-01T12:00:00Z");
  const store = memoryStore({
    issuer: google.id,
    clientId: "client",
    scope: "s",
    tokenEndpoint: google.tokenEndpoint.href,
    servers: [],
    signedInAt,
    renewedAt: signedInAt,
    ended: { at: new Date("2026-11-08T12:10:00Z"), error: "invalid_grant" },
  });
  await assert.rejects(signedIn({ issuer: google, client, store }).token(), /publish the application/);
});

test("Microsoft: the redirect is to localhost without a path, the issuer may name the person's tenant, and other fields are ignored", async () => {
  const issuer = faked(microsoft("organizations"));
  fake = () => ({
    body: {
      access_token: "access",
      refresh_token: "refresh",
      ext_expires_in: 3599,
      scope: "https://outlook.office.com/SMTP.Send",
      ...bearer,
    },
  });
  const store = memoryStore();
  await using signIn = await startBrowserSignIn({
    issuer,
    client: { id: "client" },
    store,
    https: server.https,
    scope: "https://outlook.office.com/SMTP.Send offline_access",
  });
  assert.match(signIn.url.searchParams.get("redirect_uri") ?? "", /^http:\/\/localhost:\d+$/);
  await comeBack(signIn.url, { iss: "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0" });
  assert.deepEqual((await signIn.finish()).servers, ["smtp.office365.com", "smtp-mail.outlook.com"]);
});

test("Microsoft: what it says is passed on for people, and decides nothing", async () => {
  const words = "AADSTS700082: The refresh token has expired due to inactivity.\r\nTrace ID: 1";
  fake = () => ({
    status: 400,
    body: { error: "invalid_grant", error_description: words, error_codes: [700082], suberror: "bad_token" },
  });
  const issuer = faked(microsoft());
  const at = new Date();
  const store = memoryStore({
    issuer: issuer.id,
    clientId: "client",
    scope: "s",
    tokenEndpoint: issuer.tokenEndpoint.href,
    servers: [],
    signedInAt: at,
    renewedAt: at,
    refreshToken: new Secret("refresh-canary"),
  });
  await assert.rejects(signedIn({ issuer, client, store, https: server.https }).token(), (error: unknown) => {
    assert.ok(error instanceof OAuthError && error.code === "MAIL_AUTH_SIGN_IN");
    assert.match(
      error.message,
      /It said: "AADSTS700082: The refresh token has expired due to inactivity\.\\r\\nTrace ID: 1"$/,
    );
    return true;
  });
});

test("Microsoft: an application proves itself with a key, which its certificate's fingerprint names", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const issuer = faked(microsoft("contoso.example"));
  const seen: unknown[] = [];
  fake = async (form) => {
    const assertion = form.get("client_assertion") ?? "";
    const key = await importSPKI(publicKey.export({ type: "spki", format: "pem" }).toString(), "PS256");
    const { payload } = await jwtVerify(assertion, key, {
      audience: issuer.tokenEndpoint.href,
      issuer: "client",
      subject: "client",
    });
    seen.push(decodeProtectedHeader(assertion)["x5t#S256"], payload.jti, form.get("scope"));
    return { body: { access_token: "access", ...bearer } };
  };
  const [leaf] = (await authority.issue()).chain.split(/(?<=-----END CERTIFICATE-----\n)/);
  const scope = "https://outlook.office365.com/.default";
  const key = { privateKey: new Secret(pem(privateKey)), certificate: leaf };
  const source = clientCredentials({ issuer, client: { id: "client", key }, scope, https: server.https });
  assert.equal((await source.token({ server: "smtp.office365.com" })).reveal(), "access");
  assert.match(String(seen[0]), /^[\w-]{43}$/);
  assert.equal(seen[2], scope);
  await assert.rejects(source.token({ server: "smtp.evil.example" }), /was not sent there/);
});

test("Fastmail: it registers localhost in place of the address, and wants to hear for whom the token is", async () => {
  const resource = "https://smtp.fastmail.example/";
  const issuer: Issuer = {
    id: server.origin,
    authorizationEndpoint: new URL(`${server.origin}/oauth/authorize`),
    tokenEndpoint: new URL(`${server.origin}/oauth/refresh`),
    registrationEndpoint: new URL(`${server.origin}/oauth/register`),
    sendsIss: false,
  };
  fake = (form, { url }) => {
    if (url === "/oauth/register")
      return { status: 201, body: { client_id: "registered", redirect_uris: ["http://localhost/callback"] } };
    if (form.get("resource") !== resource) return { status: 400, body: { error: "invalid_target" } };
    return { body: { access_token: "access", refresh_token: "refresh", ...bearer } };
  };
  const registered = await register(issuer, { name: "Postseal", https: server.https });
  assert.deepEqual(registered, { id: "registered", loopback: "localhost" });
  const store = memoryStore();
  const options = {
    issuer,
    client: registered,
    store,
    scope: "mail",
    servers: ["smtp.fastmail.example"],
    https: server.https,
  };
  {
    await using signIn = await startBrowserSignIn(options);
    assert.match(signIn.url.searchParams.get("redirect_uri") ?? "", /^http:\/\/localhost:\d+\/callback$/);
    await comeBack(signIn.url);
    await assert.rejects(signIn.finish(), /invalid_target.*for which server the token is/);
  }
  await using signIn = await startBrowserSignIn({ ...options, resource });
  assert.equal(signIn.url.searchParams.get("resource"), resource);
  await comeBack(signIn.url);
  await signIn.finish();
  // At a renewal too.
  await signedIn({ issuer, client: registered, store, https: server.https }).token({ renew: true });
});

test("an issuer that registers a way back to another machine is not used", async () => {
  fake = () => ({ status: 201, body: { client_id: "x", redirect_uris: ["https://evil.example/callback"] } });
  const issuer: Issuer = {
    id: server.origin,
    tokenEndpoint: new URL(`${server.origin}/token`),
    registrationEndpoint: new URL(`${server.origin}/register`),
    sendsIss: false,
  };
  await assert.rejects(register(issuer, { name: "Postseal", https: server.https }), /not on this machine/);
});

function pem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

test("Google Workspace: a service account signs for a mailbox, with a file that only this user can read", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const issuer = faked(google);
  const audience = issuer.tokenEndpoint.href;
  const email = "postseal@project.iam.gserviceaccount.example";
  fake = async (form) => {
    assert.equal(form.get("grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
    const key = await importSPKI(publicKey.export({ type: "spki", format: "pem" }).toString(), "RS256");
    const found = await jwtVerify(form.get("assertion") ?? "", key, { audience, issuer: email, algorithms: ["RS256"] });
    const { sub, scope, exp = 0, iat = 0 } = found.payload;
    assert.ok(exp - iat <= 3600);
    assert.equal(found.protectedHeader.kid, await calculateJwkThumbprint(publicKey.export({ format: "jwk" })));
    if (sub !== "alerts@example.com") return { status: 401, body: { error: "unauthorized_client" } };
    return { body: { access_token: String(scope), ...bearer } };
  };
  const fields = {
    type: "service_account",
    client_email: email,
    private_key: pem(privateKey),
    private_key_id: await calculateJwkThumbprint(publicKey.export({ format: "jwk" })),
    token_uri: audience,
  };
  const keyFile = path.join(folder, "sa.json");
  await writeFile(keyFile, JSON.stringify(fields), { mode: 0o600 });
  const options = { keyFile, issuer, https: server.https };
  const source = serviceAccount({ ...options, subject: "alerts@example.com" });
  assert.equal((await source.token({ server: "smtp.gmail.com" })).reveal(), "https://mail.google.com/");
  await assert.rejects(
    serviceAccount({ ...options, subject: "bob@example.com" }).token(),
    (error: unknown) => error instanceof OAuthError && error.error === "unauthorized_client" && error.status === 401,
  );
  await chmod(keyFile, 0o644);
  await assert.rejects(
    serviceAccount({ ...options, subject: "alerts@example.com" }).token(),
    /can be read by other users/,
  );
  const given = (change: object) => (): Secret => new Secret(JSON.stringify({ ...fields, ...change }));
  for (const [change, says] of [
    [{ token_uri: "https://evil.example/token" }, /its token_uri is not/],
    [{ private_key: "-----BEGIN PRIVATE KEY-----\ncanary-key\n-----END PRIVATE KEY-----" }, /is no private key/],
    [{ client_email: undefined }, /is no key of a service account/],
  ] as const)
    await assert.rejects(
      serviceAccount({ ...options, keyFile: given(change), subject: "alerts@example.com" }).token(),
      (error: unknown) => error instanceof InputError && says.test(error.message) && !error.message.includes("canary"),
    );
});
