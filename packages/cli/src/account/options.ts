/** The options of the subcommands about accounts. */
import { jsonOption, loginOptions, runOptions, tlsOptions } from "../mail/options.ts";
import { oauthOptions } from "../oauth/options.ts";
import { flag, list, value } from "../option.ts";

export const checkOptions = {
  "sign-in": flag("also report each account that nobody is signed in for, by OAuth"),
  renew: flag("with --sign-in: ask each issuer for a new token, which keeps the sign-in alive"),
  ...jsonOption,
};

export const addOptions = {
  address: value("ADDRESS", "the address that the account sends from"),
  name: value("NAME", "a name for the account"),
  server: value(
    "URL",
    "submission://USER@HOST or submissions://USER@HOST; with HOST or HOST:PORT alone both are tried",
  ),
  username: value("USER", "the user to log in as, if the URL does not name one; - for a relay that takes no login"),
  "password-command": value('\'["…", "…"]\'', "a program that prints the password, as a JSON list of words"),
  "password-file": value("FILE", "read the password from the first line of FILE", { completes: "file" }),
  "password-env": value("NAME", "read the password from this environment variable"),
  "token-command": value('\'["…", "…"]\'', "a program that prints an OAuth 2.0 access token, as a JSON list of words"),
  "token-file": value("FILE", "read the token from the first line of FILE", { completes: "file" }),
  "token-env": value("NAME", "read the token from this environment variable"),
  ...oauthOptions,
  ca: tlsOptions.ca,
  "ca-only": tlsOptions["ca-only"],
  pin: tlsOptions.pin,
  "trust-pin": list(
    "PIN",
    "trust the key that has this pin, instead of an authority and a name. Without this option, you are asked on a terminal if no authority vouches for the key",
  ),
  "min-tls": tlsOptions["min-tls"],
  minimum: loginOptions.minimum,
  ...runOptions,
};

export type AddOption = keyof typeof addOptions;
