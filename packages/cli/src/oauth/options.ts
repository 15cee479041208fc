/** The options about signing in by OAuth. */
import { jsonOption, runOptions } from "../mail/options.ts";
import { flag, value } from "../option.ts";

/** Of `account add`. */
export const oauthOptions = {
  oauth: value(
    "ISSUER",
    "sign in by OAuth in place of a password: google, microsoft, or the issuer's https:// address",
    {
      completes: ["google", "microsoft"],
    },
  ),
  tenant: value("TENANT", "Microsoft's tenant: a domain, an id, or consumers for personal accounts"),
  "client-id": value("ID", "the application that you registered with the issuer"),
  "client-secret-file": value("FILE", "read its secret from the first line of FILE", { completes: "file" }),
  "client-secret-command": value('\'["…", "…"]\'', "a program that prints its secret, as a JSON list of words"),
  "client-key": value("FILE", "its private key (PEM), in place of a secret", { completes: "file" }),
  "client-certificate": value("FILE", "the certificate of --client-key (PEM), which Microsoft needs", {
    completes: "file",
  }),
  "client-credentials": flag(
    "the application acts for itself, and nobody signs in: for a service. Microsoft, and issuers that allow it",
  ),
  "key-file": value("FILE", "the key of a Google service account (JSON), which acts as ADDRESS: for a service", {
    completes: "file",
  }),
  scope: value("SCOPE", "what the token must allow, if the issuer has another name for it"),
  resource: value(
    "RESOURCE",
    "what the issuer calls the mail server, if it wants to hear for whom the token is (RFC 8707)",
  ),
  "issuer-ca": value("FILE", "trust this authority (PEM) for the issuer as well as the usual ones", {
    completes: "file",
  }),
  device: flag(
    "sign in by a code that you enter on any device. Google has none for mail, and many organisations block it",
  ),
};

export const signInOptions = { device: oauthOptions.device, ...runOptions };
export const signOutOptions = jsonOption;
export const listOptions = jsonOption;
