/** Registers an application without an account at the issuer (RFC 7591), as the profile for open clients has it. */
import { InputError, Secret } from "@postseal/mailer";
import { createSealedHttps, type HttpsOptions, readOptions } from "@postseal/mailer/internal";
import { dynamicClientRegistrationRequest, processDynamicClientRegistrationResponse } from "oauth4webapi";
import type { Client } from "./client.ts";
import type { Issuer } from "./issuer.ts";
import { OAuthError } from "./oauth-error.ts";
import { ask, serverOf } from "./question.ts";
import { REDIRECT_PATH } from "./redirect.ts";

const NAMES: ReadonlySet<string> = new Set(["name", "scope", "https"]);
const ID = /^[\x21-\x7e]{1,512}$/;

/** A public client, for sign-in on this machine. `name`: what the issuer's page calls it. Throws `InputError` or `OAuthError`. */
export async function register(
  issuer: Issuer,
  options: { readonly name: string; readonly scope?: string | undefined; readonly https?: HttpsOptions | undefined },
): Promise<Client> {
  const { name, scope, https } = readOptions(options, NAMES, { field: "", code: "MAIL_INPUT_OPTION" });
  if (typeof name !== "string" || !/^[^\p{Cc}]{1,100}$/u.test(name))
    throw new InputError("MAIL_INPUT_OPTION", "name", "is a name of 1 to 100 characters, for people");
  const { registrationEndpoint: endpoint } = issuer;
  if (endpoint === undefined)
    throw new OAuthError(
      "MAIL_AUTH_CREDENTIALS",
      `${issuer.id} registers no applications by itself: give a client id.`,
    );
  const host = issuer.loopback ?? "127.0.0.1";
  const wanted = {
    client_name: name,
    application_type: "native",
    token_endpoint_auth_method: "none",
    redirect_uris: [`http://${host}${REDIRECT_PATH}`],
    grant_types: [
      "authorization_code",
      "refresh_token",
      ...(issuer.deviceEndpoint === undefined ? [] : ["urn:ietf:params:oauth:grant-type:device_code"]),
    ],
    response_types: ["code"],
    ...(scope === undefined ? {} : { scope }),
  };
  const found = await ask(
    createSealedHttps(https),
    { purpose: "register the application", endpoint, secrets: [] },
    async (carrier) =>
      processDynamicClientRegistrationResponse(
        await dynamicClientRegistrationRequest(serverOf(issuer), wanted, carrier),
      ),
  );
  const { client_id: id, client_secret: secret, redirect_uris: redirects } = found;
  if (!ID.test(id)) throw unusable(endpoint, "an id that is none");
  const loopback = loopbackOf(redirects, host);
  if (loopback === undefined) throw unusable(endpoint, "an address to come back to that is not on this machine");
  return {
    id,
    ...(typeof secret === "string" && secret !== "" ? { secret: new Secret(secret) } : {}),
    ...(loopback === "127.0.0.1" ? {} : { loopback }),
  };
}

/** Some issuers register `localhost` in place of the address. */
function loopbackOf(redirects: unknown, asked: "127.0.0.1" | "localhost"): Client["loopback"] {
  if (redirects === undefined) return asked;
  if (!Array.isArray(redirects)) return undefined;
  const hosts = ["127.0.0.1", "localhost"] as const;
  return hosts.find((host) => redirects.includes(`http://${host}${REDIRECT_PATH}`));
}

function unusable({ host }: URL, what: string): OAuthError {
  return new OAuthError("MAIL_AUTH_CREDENTIALS", `${host} registered the application with ${what}.`);
}
