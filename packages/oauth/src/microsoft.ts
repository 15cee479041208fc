/** Microsoft's issuer, for work, school and personal accounts. As of 2026-11: learn.microsoft.com, "OAuth 2.0 authorization code flow". */
import { InputError, shown } from "@postseal/mailer";
import type { Issuer } from "./issuer.ts";

const HOST = "https://login.microsoftonline.com";
/** Its three words, a tenant's id, or one of its domains. */
const TENANT = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/**
 * `tenant`: `common` (anybody, the default), `organizations`, `consumers` (personal accounts), a tenant's id or one of its domains.
 * The endpoints are fixed: nothing is discovered. Throws `InputError`.
 */
export function microsoft(tenant = "common"): Issuer {
  if (typeof tenant !== "string" || !TENANT.test(tenant))
    throw new InputError(
      "MAIL_INPUT_OPTION",
      "tenant",
      `"${shown(tenant)}" is no tenant: give common, organizations, consumers, an id or a domain`,
    );
  const base = `${HOST}/${tenant}`;
  return {
    id: `${base}/v2.0`,
    authorizationEndpoint: new URL(`${base}/oauth2/v2.0/authorize`),
    tokenEndpoint: new URL(`${base}/oauth2/v2.0/token`),
    deviceEndpoint: new URL(`${base}/oauth2/v2.0/devicecode`),
    // Its metadata does not promise `iss`, and of the three words the issuer would be that of the person's own tenant.
    sendsIss: false,
    loopback: "localhost",
    servers: ["smtp.office365.com", "smtp-mail.outlook.com"],
  };
}
