/** Tokens of an application itself, without a person (RFC 6749 section 4.4): by its secret or its key. */
import { createSealedHttps, type HttpsOptions, readOptions } from "@postseal/mailer/internal";
import type { Client } from "./client.ts";
import { grant, type Granted } from "./grant.ts";
import type { Issuer } from "./issuer.ts";
import { mailServers } from "./mail-servers.ts";
import { memoryStore } from "./memory-store.ts";
import { RenewingSource } from "./renewal.ts";
import { assertScope } from "./scope.ts";
import type { TokenSource } from "./token-source.ts";
import type { StoredTokens, TokenStore } from "./tokens.ts";

export interface ClientCredentialsOptions {
  readonly issuer: Issuer;
  readonly client: Client;
  /** Microsoft's is `https://outlook.office365.com/.default`. */
  readonly scope: string;
  /** The mail servers that the token may go to. Default: the issuer's, if it has some. */
  readonly servers?: readonly string[] | undefined;
  /** Keeps the token for other processes. Default: this process alone. */
  readonly store?: TokenStore | undefined;
  readonly https?: HttpsOptions | undefined;
}

const NAMES: ReadonlySet<string> = new Set(["issuer", "client", "scope", "servers", "store", "https"]);

/** Throws `InputError`. */
export function clientCredentials(options: ClientCredentialsOptions): TokenSource {
  const own = readOptions(options, NAMES, { field: "", code: "MAIL_INPUT_OPTION" });
  const { issuer, client, scope, store = memoryStore(), https } = own;
  assertScope(scope);
  const carrier = createSealedHttps(https);
  return applicationSource(
    store,
    { issuer, clientId: client.id, scope, servers: mailServers(own.servers, issuer) },
    () =>
      grant({
        issuer,
        client,
        https: carrier,
        type: "client_credentials",
        parameters: { scope },
        secrets: [],
        purpose: "give the application a token",
      }),
  );
}

interface Terms {
  readonly issuer: Issuer;
  readonly clientId: string;
  readonly scope: string;
  readonly servers: readonly string[];
}

/** Nobody has signed in: stored tokens are of use if they were got on the same terms, and else as good as none. */
export function applicationSource(store: TokenStore, terms: Terms, fetch: () => Promise<Granted>): TokenSource {
  const { issuer, clientId, scope, servers } = terms;
  const fixed = { issuer: issuer.id, clientId, scope, tokenEndpoint: issuer.tokenEndpoint.href, servers };
  return new RenewingSource(store, {
    judge: (now) => (now !== undefined && isOn(fixed, now) ? now : undefined),
    fetch: async (): Promise<StoredTokens> => {
      const { accessToken, expiresAt } = await fetch();
      const now = new Date();
      return { ...fixed, accessToken, expiresAt, signedInAt: now, renewedAt: now };
    },
  });
}

function isOn(terms: Omit<StoredTokens, "signedInAt" | "renewedAt">, now: StoredTokens): boolean {
  const same = (["issuer", "clientId", "scope", "tokenEndpoint"] as const).every((name) => now[name] === terms[name]);
  return same && now.servers.join(" ") === terms.servers.join(" ");
}
