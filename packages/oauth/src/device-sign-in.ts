/** Signs in by a code that a person enters on any device (RFC 8628). Only where asked for: who gets a code by mail may enter an attacker's. */
import { setTimeout as wait } from "node:timers/promises";
import { Secret, shown } from "@postseal/mailer";
import { deviceAuthorizationRequest, processDeviceAuthorizationResponse } from "oauth4webapi";
import { authenticationOf } from "./client-authentication.ts";
import { complete, readTerms, type Terms } from "./completion.ts";
import { grant } from "./grant.ts";
import { uninterrupted } from "./interruption.ts";
import { OAuthError } from "./oauth-error.ts";
import { ask, serverOf } from "./question.ts";
import type { DeviceSignIn, SignInOptions } from "./sign-in.ts";
import type { StoredTokens } from "./tokens.ts";

/** In seconds (RFC 8628 sections 3.2 and 3.5). */
const USUAL_INTERVAL = 5;
const SLOWER = 5;
const LONGEST_INTERVAL = 300;
const LONGEST_LIFE = 3_600;
const CODE = /^[\x21-\x7e][\x20-\x7e]{0,63}$/;

/** Asks for a code. Throws `InputError` or `OAuthError`. */
export async function startDeviceSignIn(options: SignInOptions): Promise<DeviceSignIn> {
  const terms = readTerms(options);
  const { issuer, client, scope, resource, https, signal } = terms;
  const { deviceEndpoint: endpoint } = issuer;
  if (endpoint === undefined)
    throw new OAuthError(
      "MAIL_AUTH_CREDENTIALS",
      `${shown(issuer.id)} offers no sign-in by a code${issuer.id === "https://accounts.google.com" ? ", not for mail" : ""}: sign in by a browser.`,
    );
  const { use, secrets } = await authenticationOf(client, issuer);
  const parameters = { scope, ...(resource === undefined ? {} : { resource }) };
  const begun = Date.now();
  const found = await ask(
    https,
    { purpose: "give a code for a sign-in", endpoint, secrets, signal },
    async (carrier) => {
      const [server, known] = [serverOf(issuer), { client_id: client.id }];
      const answer = await deviceAuthorizationRequest(server, known, use, parameters, carrier);
      return processDeviceAuthorizationResponse(server, known, answer);
    },
  );
  const url = pageOf(found.verification_uri, endpoint);
  const { user_code: userCode, verification_uri_complete: whole } = found;
  if (!CODE.test(userCode)) throw unusable(endpoint, "a code that nobody can type");
  const completeUrl = whole === undefined ? undefined : pageOf(whole, endpoint);
  const expiresAt = new Date(begun + 1000 * Math.min(found.expires_in, LONGEST_LIFE));
  const deviceCode = new Secret(found.device_code);
  const interval = Math.min(found.interval ?? USUAL_INTERVAL, LONGEST_INTERVAL);
  let finished: Promise<StoredTokens> | undefined;
  return {
    userCode,
    url,
    ...(completeUrl === undefined ? {} : { completeUrl }),
    expiresAt,
    finish: () => (finished ??= poll({ terms, deviceCode, expiresAt, interval })),
  };
}

/** A person is sent there, so it has to be a page by https. */
function pageOf(text: string, endpoint: URL): URL {
  const url = URL.parse(text);
  // defence: device-page-by-https
  if (url === null || url.protocol !== "https:" || url.username !== "")
    throw unusable(endpoint, "a page that is not by https");
  return url;
}

function unusable({ host }: URL, what: string): OAuthError {
  return new OAuthError("MAIL_AUTH_CREDENTIALS", `${host} gave ${what}, so the sign-in was not begun.`);
}

interface Polling {
  readonly terms: Terms;
  readonly deviceCode: Secret;
  readonly expiresAt: Date;
  /** In seconds. */
  readonly interval: number;
}

async function poll({ terms, deviceCode, expiresAt, interval }: Polling): Promise<StoredTokens> {
  const { issuer, client, https, signal } = terms;
  let pause = interval;
  for (;;) {
    await wait(1000 * pause, undefined, { signal }).catch(() => {});
    signal?.throwIfAborted();
    if (Date.now() >= expiresAt.getTime())
      throw new OAuthError("MAIL_AUTH_SIGN_IN", "The code was not entered in time. Begin again.", {
        error: "expired_token",
      });
    try {
      return await uninterrupted(async () =>
        complete(
          await grant({
            issuer,
            client,
            https,
            type: "urn:ietf:params:oauth:grant-type:device_code",
            parameters: { device_code: deviceCode.reveal() },
            secrets: [deviceCode],
            purpose: "give a token for the code",
          }),
          terms,
        ),
      );
    } catch (error) {
      const next = pauseAfter(error, pause);
      if (next === undefined) throw error;
      pause = next;
    }
  }
}

/** In seconds; `undefined` if it is of no use to ask again. */
export function pauseAfter(error: unknown, pause: number): number | undefined {
  if (!(error instanceof OAuthError)) return undefined;
  if (error.error === "authorization_pending") return pause;
  // RFC 8628 section 3.5: five seconds more, from then on; and longer waits for an issuer that is away.
  if (error.error === "slow_down") return Math.min(pause + SLOWER, LONGEST_INTERVAL);
  return error.code === "MAIL_AUTH_DEFERRED" ? Math.min(2 * pause, LONGEST_INTERVAL) : undefined;
}
