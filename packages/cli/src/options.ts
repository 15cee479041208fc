/** The options of the subcommands that send, and of those that keep accounts. The lab's are in lab/options.ts. */
import {
  flag,
  list,
  type LoginOptionName,
  type MessageOptionName,
  type Options,
  type OptionTable,
  type RunOptionName,
  type TlsOptionName,
  value,
} from "./option.ts";

export const configCheckOptions: Options<"json"> = { json: flag("one JSON object on standard output, for errors too") };

export const messageOptions: Options<MessageOptionName> = {
  from: value("ADDRESS", "a@example.com or 'Alice <a@example.com>'"),
  to: list("ADDRESS", "a recipient; repeat it for each"),
  cc: list("ADDRESS", "likewise, in the field Cc"),
  bcc: list("ADDRESS", "likewise, and no field says so"),
  subject: value("TEXT", "what it is about"),
  text: value("TEXT", "the text; - reads standard input"),
  html: value("HTML", "likewise; with --text, both are sent as alternatives"),
  attach: list("FILE", "an attachment; repeat it for each", "file"),
  header: list("FIELD", "a further header field, as 'Name: text'; repeat it for each"),
  requiretls: flag(
    "not only to the server: all the way over TLS that is verified, or back (REQUIRETLS). The server has to offer it",
  ),
  "no-chunking": flag("send with DATA, never with BDAT: for a server that offers CHUNKING but fails at it"),
  message: value(
    "FILE",
    "a ready-made message (RFC 5322) instead, sent as it is; - reads standard input. --from and --to are its envelope",
    "file",
  ),
};

export const loginOptions: Options<LoginOptionName> = {
  server: value(
    "URL",
    "submission://USER@HOST (STARTTLS, port 587) or submissions://USER@HOST (TLS from the start, port 465). Left out: POSTSEAL_URL, which may hold the password too",
  ),
  account: value(
    "NAME",
    "an account of ~/.config/postseal/config.toml instead; without all three, the sender's address chooses one",
  ),
  "password-file": value("FILE", "the password is its first line", "file"),
  "password-env": value("NAME", "the password is in this environment variable"),
  "token-file": value("FILE", "an OAuth 2.0 access token, its first line", "file"),
  "token-env": value("NAME", "the token is in this environment variable"),
  mechanism: value("NAME", "this SASL mechanism and no other (EXTERNAL: the client certificate)"),
  minimum: value(
    "LEVEL",
    "scram: a login that does not show the password; scram-plus: one that is bound to this TLS session",
    ["scram", "scram-plus"],
  ),
};

export const tlsOptions: Options<TlsOptionName> = {
  ca: value("FILE", "trust this authority (PEM) too", "file"),
  "ca-only": value("FILE", "trust this authority (PEM) and no other", "file"),
  pin: list("PIN", "the server's key must be this one too; repeat it for several that may be"),
  "trust-pin": list(
    "PIN",
    "for a server without an authority: its key, instead of chain and name. postseal verify prints a server's pin",
  ),
  "min-tls": value("VERSION", "1.3: no TLS 1.2", ["1.2", "1.3"]),
  "require-pq": flag("a post-quantum key exchange, or nothing"),
  "client-cert": value("FILE", "a certificate of your own (PEM), with --client-key", "file"),
  "client-key": value("FILE", "its private key (PEM)", "file"),
};

export const runOptions: Options<RunOptionName> = {
  timeout: value("SECONDS", "give up after so long, whatever is under way"),
  trace: flag("print the conversation to standard error as it goes on: what was clear, what was sealed, and no secret"),
  ...configCheckOptions,
};

export const verifyOptions: Options<LoginOptionName | TlsOptionName | RunOptionName> = {
  ...loginOptions,
  ...tlsOptions,
  ...runOptions,
};
export const sendOptions: Options<MessageOptionName | LoginOptionName | TlsOptionName | RunOptionName> = {
  ...messageOptions,
  ...verifyOptions,
};

export const importOptions: OptionTable = {
  write: flag(
    "add them to ~/.config/postseal/config.toml. A password that stood in FILE goes into a file of its own, mode 600",
  ),
  name: value("NAME", "what to call the account of JSON or a URL (imported)"),
  ...configCheckOptions,
};

export const accountAddOptions: OptionTable = {
  address: value("ADDRESS", "the address that the account sends from"),
  name: value("NAME", "what to call the account"),
  server: value("URL", "submission://USER@HOST or submissions://USER@HOST"),
  username: value("USER", "who logs in, if the URL does not say"),
  "password-command": value('\'["…", "…"]\'', "a program that prints the password: a list of words, in JSON"),
  "password-file": value("FILE", "the password is its first line", "file"),
  "password-env": value("NAME", "the password is in this environment variable"),
  "token-command": value('\'["…", "…"]\'', "a program that prints an OAuth 2.0 access token"),
  "token-file": value("FILE", "the token is its first line", "file"),
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
