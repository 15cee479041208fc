/** The options of `account add` about signing in: which go together, and the server that follows from the issuer. */
import { isIssuerName } from "../account/oauth-keys.ts";
import type { AddOption } from "../account/options.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { knownIssuerOf, likelyTenantOf } from "../oauth/known-issuers.ts";
import { oauthOptions } from "../oauth/options.ts";
import { namesOf } from "../option.ts";
import { references } from "./secret-question.ts";
import type { ServerAnswer } from "./server-question.ts";

/** Whether the account signs in. Throws `CommandError` for options that do not go together. */
export function isByOauth(given: Arguments<AddOption>): boolean {
  const issuer = given.one("oauth");
  if (issuer === undefined) {
    const odd = namesOf(oauthOptions).find((name) => given.has(name));
    if (odd === undefined) return false;
    throw usage(`--${odd} is about signing in: give --oauth google, --oauth microsoft or --oauth https://… too`);
  }
  given.oneOf("oauth", ...references);
  given.oneOf("oauth", "minimum");
  given.oneOf("client-credentials", "device");
  for (const other of ["device", "client-id", "client-credentials"] as const) given.oneOf("key-file", other);
  given.oneOf("client-secret-file", "client-secret-command", "client-key", "key-file");
  if (!isIssuerName(issuer)) throw usage("--oauth must be google, microsoft, or the issuer's https:// address");
  if (given.has("tenant") && issuer !== "microsoft") throw usage("--tenant: only Microsoft has tenants");
  if (given.has("key-file") && issuer !== "google")
    throw usage("--key-file is the key of a Google service account: give it with --oauth google");
  if (given.has("client-credentials") && issuer === "google")
    throw usage("Google has no client credentials for mail: give --key-file with the key of a service account");
  if (given.has("client-certificate") && !given.has("client-key"))
    throw usage("--client-certificate goes with --client-key");
  return true;
}

/** The server of an issuer that everybody uses; `undefined` for any other. */
export function serverOfIssuer(given: Arguments<AddOption>, address: string): ServerAnswer | undefined {
  const known = given.has("server") ? undefined : knownIssuerOf({ issuer: given.one("oauth") ?? "" });
  if (known === undefined) return undefined;
  const user = given.one("username") ?? address;
  return { servers: [known.server(given.one("tenant") ?? likelyTenantOf(address))], user, isSure: true };
}

function usage(message: string): CommandError {
  return new CommandError("CLI_USAGE", message);
}
