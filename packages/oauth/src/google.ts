/** Google's issuer. As of 2026-11: developers.google.com, "OAuth 2.0 for iOS & Desktop Apps". */
import type { Issuer } from "./issuer.ts";

/** The endpoints are fixed: nothing is discovered. There is no device endpoint, since Google refuses it every scope for mail. */
export const google: Issuer = {
  id: "https://accounts.google.com",
  authorizationEndpoint: new URL("https://accounts.google.com/o/oauth2/v2/auth"),
  tokenEndpoint: new URL("https://oauth2.googleapis.com/token"),
  revocationEndpoint: new URL("https://oauth2.googleapis.com/revoke"),
  // It is compared if it comes; whether it always does is not documented.
  sendsIss: false,
  // Without both there is no refresh token from the second sign-in on.
  parameters: [
    ["access_type", "offline"],
    ["prompt", "consent"],
  ],
  servers: ["smtp.gmail.com", "smtp-relay.gmail.com"],
};

/** Google has no smaller right for SMTP: it can also read and delete mail. */
export const GOOGLE_SCOPE = "https://mail.google.com/";
