/**
 * An issuer of tokens: oidc-provider over HTTPS at `https://localhost:PORT`, and its introspection over plain HTTP, which is all
 * that Dovecot 2.3 can verify here. A token that was refreshed is rotated, and an old refresh token ends the whole sign-in.
 */
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type ClientMetadata, type Configuration, Provider } from "oidc-provider";
import type { IntrospectionEndpoint } from "./introspection.ts";
import type { Authority } from "./pki.ts";
import { listen, portOf } from "./port.ts";
import { accounts } from "./server.ts";

/** What a token must allow, so that Dovecot takes it. */
export const mailScope = "urn:ietf:params:oauth:scope:mail";
/** A scope that the issuer gives too, and that is of no use for mail. */
export const otherScope = "calendar";

/** A program of a person, registered by hand: public, with PKCE. */
export const desktopClient = "postseal-desktop";
/** A program that acts for itself. Its tokens are bob's. */
export const daemonClient = { id: "postseal-daemon", secret: "oauth-canary-client-secret" } as const;
export const clientKeys = { kid: "daemon-key", clientId: "postseal-daemon-with-a-key" } as const;

/** RSA, since that is what an issuer takes for a client that names no algorithm. */
const signingKey = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

export interface Oidc extends AsyncDisposable {
  /** `https://localhost:PORT`. */
  readonly issuer: string;
  readonly provider: Provider;
  readonly introspection: IntrospectionEndpoint;
  /** The method and the path of each request that has arrived, such as `POST /token`. */
  readonly requests: readonly string[];
  /** All that nobody may see: tokens, codes, verifiers and the secrets of clients, as they came by. */
  readonly secrets: ReadonlySet<string>;
  /** From now on `POST /token` is answered with this status; `undefined`: as it should be. */
  setOutage(status: number | undefined): void;
  /** Ends the access tokens that were issued so far, and keeps the grants. */
  expireAccessTokens(): Promise<void>;
  /** Withdraws all that anybody has allowed. */
  revokeGrants(): Promise<void>;
}

export interface OidcOptions {
  readonly authority: Authority;
  /** In seconds. Default an hour. */
  readonly accessTokenLife?: number;
  /** The public key (JWK) of the daemon that proves itself with a key. */
  readonly clientJwk?: Readonly<Record<string, unknown>>;
}

export async function startOidc(options: OidcOptions): Promise<Oidc> {
  const { issuer: leaf } = options.authority;
  const listener: { current: RequestListener } = { current: (_request, response) => void response.destroy() };
  const requests: string[] = [];
  let outage: number | undefined;
  const https = createHttpsServer(
    { cert: readFileSync(leaf.certificateFile), key: readFileSync(leaf.keyFile) },
    (request, response) => {
      const { pathname } = new URL(request.url ?? "/", "https://localhost");
      requests.push(`${request.method ?? ""} ${pathname}`);
      if (outage !== undefined && pathname === "/token") {
        response.writeHead(outage).end();
        return;
      }
      listener.current(request, response);
    },
  );
  const http = createHttpServer((request, response) => listener.current(asFromProxy(request, issuer), response));
  await Promise.all([listen(https), listen(http)]);
  const issuer = `https://localhost:${portOf(https)}`;
  const provider = new Provider(issuer, configurationOf(options));
  provider.proxy = true;
  const callback = provider.callback();
  listener.current = (request, response) => void callback(request, response);
  const issued = recordOf(provider);
  const origin = `http://127.0.0.1:${portOf(http)}`;
  return {
    issuer,
    provider,
    introspection: {
      url: `${origin}/token/introspection`,
      configurationUrl: `${issuer}/.well-known/openid-configuration`,
      scope: mailScope,
    },
    requests,
    secrets: issued.secrets,
    setOutage: (status) => {
      outage = status;
    },
    async expireAccessTokens() {
      // Not by revocation, which ends the grant too.
      for (const jti of issued.accessTokens.splice(0)) await (await provider.AccessToken.find(jti))?.destroy();
    },
    async revokeGrants() {
      for (const id of issued.grants.splice(0)) {
        await provider.RefreshToken.revokeByGrantId(id);
        await provider.AccessToken.revokeByGrantId(id);
        await (await provider.Grant.find(id))?.destroy();
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([https, http].map(close));
    },
  };
}

function configurationOf({ accessTokenLife = 3_600, clientJwk }: OidcOptions): Configuration {
  return {
    clients: clientsOf(clientJwk),
    scopes: [mailScope, otherScope, "offline_access"],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed("refresh_token"),
    features: {
      deviceFlow: { enabled: true },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: async () => true },
      revocation: { enabled: true },
      registration: { enabled: true },
      devInteractions: { enabled: true },
    },
    ttl: {
      AccessToken: accessTokenLife,
      ClientCredentials: accessTokenLife,
      RefreshToken: 86_400,
      Grant: 86_400,
      Interaction: 600,
      Session: 600,
      DeviceCode: 600,
    },
    findAccount: async (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
    // What Dovecot takes for the user. An application has bob's mailbox.
    extraTokenClaims: async (_ctx, token) => ({
      email: "accountId" in token && typeof token.accountId === "string" ? token.accountId : (accounts[1]?.user ?? ""),
    }),
    cookies: { keys: ["the cookies of a test"] },
    jwks: { keys: [signingKey] },
  };
}

function clientsOf(clientJwk: OidcOptions["clientJwk"]): ClientMetadata[] {
  const application: Omit<ClientMetadata, "client_id"> = {
    grant_types: ["client_credentials"],
    response_types: [],
    redirect_uris: [],
  };
  const withKey: ClientMetadata = {
    ...application,
    client_id: clientKeys.clientId,
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "PS256",
    jwks: { keys: [{ kty: "RSA", ...clientJwk, kid: clientKeys.kid }] },
  };
  return [
    {
      client_id: desktopClient,
      application_type: "native",
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
      response_types: ["code"],
      // Of a native program's redirects the port does not count (RFC 8252 section 7.3).
      redirect_uris: ["http://127.0.0.1/callback", "http://127.0.0.1/", "http://localhost/"],
    },
    {
      ...application,
      client_id: daemonClient.id,
      client_secret: daemonClient.secret,
      token_endpoint_auth_method: "client_secret_post",
    },
    {
      ...application,
      client_id: "dovecot",
      client_secret: "dovecot",
      token_endpoint_auth_method: "client_secret_post",
      grant_types: [],
    },
    ...(clientJwk === undefined ? [] : [withKey]),
  ];
}

/** Dovecot asks in the clear; to the provider it has to look like a request that a proxy has taken over HTTPS. */
function asFromProxy(request: IncomingMessage, issuer: string): IncomingMessage {
  request.headers["x-forwarded-proto"] = "https";
  request.headers["x-forwarded-host"] = new URL(issuer).host;
  return request;
}

interface Issued {
  readonly accessTokens: string[];
  readonly grants: string[];
  readonly secrets: Set<string>;
}

const SECRETS = ["code", "code_verifier", "refresh_token", "device_code", "client_assertion", "access_token"] as const;

function recordOf(provider: Provider): Issued {
  const [accessTokens, grants]: [string[], string[]] = [[], []];
  const secrets = new Set<string>([daemonClient.secret]);
  provider.on("access_token.saved", ({ jti }) => accessTokens.push(jti));
  provider.on("grant.success", ({ oidc }) => {
    const id = oidc.entities.Grant?.jti;
    if (id !== undefined) grants.push(id);
  });
  provider.on("grant.success", ({ oidc, body }) => {
    for (const name of SECRETS)
      for (const part of [oidc.params, body]) {
        const value: unknown = Reflect.get(Object(part), name);
        if (typeof value === "string") secrets.add(value);
      }
  });
  return { accessTokens, grants, secrets };
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
