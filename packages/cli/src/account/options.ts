/** The options of the subcommands about accounts. */
import { jsonOption, loginOptions, runOptions, tlsOptions } from "../mail/options.ts";
import { list, value } from "../option.ts";

export const checkOptions = jsonOption;

export const addOptions = {
  address: value("ADDRESS", "the address that the account sends from"),
  name: value("NAME", "what to call the account"),
  server: value("URL", "submission://USER@HOST or submissions://USER@HOST"),
  username: value("USER", "who logs in, if the URL does not say"),
  "password-command": value('\'["…", "…"]\'', "a program that prints the password: a list of words, in JSON"),
  "password-file": value("FILE", "the password is its first line", { completes: "file" }),
  "password-env": value("NAME", "the password is in this environment variable"),
  "token-command": value('\'["…", "…"]\'', "a program that prints an OAuth 2.0 access token"),
  "token-file": value("FILE", "the token is its first line", { completes: "file" }),
  "token-env": value("NAME", "the token is in this environment variable"),
  ca: tlsOptions.ca,
  "ca-only": tlsOptions["ca-only"],
  pin: tlsOptions.pin,
  "trust-pin": list(
    "PIN",
    "the server's key, instead of chain and name. Without this option a terminal asks if no authority vouches for it",
  ),
  "min-tls": tlsOptions["min-tls"],
  minimum: loginOptions.minimum,
  ...runOptions,
};

export type AddOption = keyof typeof addOptions;
