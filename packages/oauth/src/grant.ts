/** Asks the token endpoint, and judges what it grants (RFC 6749 section 5.1). */
import { Secret } from "@postseal/mailer";
import type { SealedHttps } from "@postseal/mailer/internal";
import { genericTokenEndpointRequest, processGenericTokenEndpointResponse } from "oauth4webapi";
import type { Client } from "./client.ts";
import { authenticationOf } from "./client-authentication.ts";
import type { Issuer } from "./issuer.ts";
import { OAuthError } from "./oauth-error.ts";
import { ask, serverOf } from "./question.ts";

export interface GrantRequest {
  readonly issuer: Issuer;
  readonly client: Client;
  readonly https: SealedHttps;
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Of the parameters: struck out of errors. */
  readonly secrets: readonly Secret[];
  readonly purpose: string;
  readonly endsSignIn?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Granted {
  readonly accessToken: Secret;
  /** By this machine's clock; `undefined` if the issuer does not say. */
  readonly expiresAt: Date | undefined;
  readonly refreshToken: Secret | undefined;
  /** `undefined`: what was asked for (RFC 6749 section 5.1). */
  readonly scope: string | undefined;
}

/** What goes into AUTH and JSON without a change (RFC 6750 section 2.1 allows less). */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;
const SCOPE = /^[\x20\x21\x23-\x5b\x5d-\x7e]{0,4096}$/;

/** Throws `OAuthError`. */
export async function grant(request: GrantRequest): Promise<Granted> {
  const { issuer, client, purpose } = request;
  const authentication = await authenticationOf(client, issuer);
  const asked = Date.now();
  const { token_type, access_token, refresh_token, expires_in, scope } = await ask(
    request.https,
    {
      purpose,
      endpoint: issuer.tokenEndpoint,
      secrets: [...request.secrets, ...authentication.secrets],
      ...(request.endsSignIn === undefined ? {} : { endsSignIn: request.endsSignIn }),
      signal: request.signal,
    },
    async (carrier) => {
      const [server, known] = [serverOf(issuer), { client_id: client.id }];
      const { use } = authentication;
      const answer = await genericTokenEndpointRequest(server, known, use, request.type, request.parameters, carrier);
      return processGenericTokenEndpointResponse(server, known, answer);
    },
  );
  const isWhole =
    TOKEN.test(access_token) &&
    (refresh_token === undefined || TOKEN.test(refresh_token)) &&
    (scope === undefined || SCOPE.test(scope));
  // A token that is bound to a key (DPoP) cannot be used for mail.
  if (token_type !== "bearer" || !isWhole)
    throw new OAuthError(
      "MAIL_AUTH_CREDENTIALS",
      `${issuer.tokenEndpoint.host} was asked to ${purpose}, and gave a token that cannot be used for mail.`,
    );
  return {
    accessToken: new Secret(access_token),
    // From when it was asked, so that no delay makes it seem younger.
    expiresAt: expires_in === undefined ? undefined : new Date(asked + 1000 * Math.min(expires_in, LONGEST_LIFE)),
    refreshToken: refresh_token === undefined ? undefined : new Secret(refresh_token),
    scope,
  };
}

/** In seconds: a year, so that the date exists. */
const LONGEST_LIFE = 31_536_000;
