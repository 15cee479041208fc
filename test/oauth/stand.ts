/** A real issuer for a test file, and a person of its own who signs in there. */
import { readFileSync } from "node:fs";
import {
  discover,
  type HttpsOptions,
  type Issuer,
  type SignIn,
  startBrowserSignIn,
  type StoredTokens,
  type TokenStore,
} from "@postseal/oauth";
import { desktopClient, mailScope, type Oidc, type OidcOptions, startOidc } from "../interop/servers/oidc.ts";
import { visit } from "../interop/servers/person.ts";
import { type Authority, createAuthority } from "../interop/servers/pki.ts";

export const USER = "alice@example.test";
export const SERVER = "smtp.example.test";
export const SCOPE: string = `${mailScope} offline_access`;

export interface Stand extends AsyncDisposable {
  readonly authority: Authority;
  readonly oidc: Oidc;
  readonly https: HttpsOptions;
  readonly issuer: Issuer;
  /** Signs in by the browser of this machine. */
  signIn(store: TokenStore): Promise<StoredTokens>;
  /** A sign-in that nobody has begun in a browser. */
  begin(store: TokenStore): Promise<SignIn>;
  visit(url: URL, isElsewhere?: boolean): ReturnType<typeof visit>;
}

export async function createStand(options: Omit<OidcOptions, "authority"> = {}): Promise<Stand> {
  await using stack = new AsyncDisposableStack();
  const authority = stack.use(await createAuthority());
  const oidc = stack.use(await startOidc({ authority, ...options }));
  const https = { tls: { ca: { only: readFileSync(authority.caFile, "utf8") } } };
  const issuer = await discover(oidc.issuer, https);
  const owned = stack.move();
  const begin = (store: TokenStore): Promise<SignIn> =>
    startBrowserSignIn({ issuer, client: { id: desktopClient }, store, scope: SCOPE, servers: [SERVER], https });
  const come = (url: URL, isElsewhere = false): ReturnType<typeof visit> =>
    visit(url, { authority, user: USER, isElsewhere });
  return {
    authority,
    oidc,
    https,
    issuer,
    begin,
    visit: come,
    signIn: async (store) => {
      await using signIn = await begin(store);
      const [tokens] = await Promise.all([signIn.finish(), come(signIn.local)]);
      return tokens;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
