/** The options of `send` and `verify`: each with its help, and with what it sets. */
import type { MailerOptions } from "@postseal/mailer";
import { CommandError } from "../command-error.ts";
import { mechanismNames, minimums } from "@postseal/mailer/mechanisms";
import { mechanismNamed } from "../mechanism.ts";
import { flag, list, value } from "../option.ts";

/** Also of subcommands that send nothing. */
export const jsonOption = { json: flag("one JSON object on standard output, for errors too") };

export const messageOptions = {
  from: value("ADDRESS", "a@example.com or 'Alice <a@example.com>'", { sets: ["from", "envelope.from"] }),
  to: list("ADDRESS", "a recipient; repeat it for each", { sets: ["to", "envelope.to"] }),
  cc: list("ADDRESS", "likewise, in the field Cc", { sets: ["cc"] }),
  bcc: list("ADDRESS", "likewise, and no field says so", { sets: ["bcc"] }),
  subject: value("TEXT", "what it is about", { sets: ["subject"] }),
  text: value("TEXT", "the text; - reads standard input", { sets: ["text"] }),
  html: value("HTML", "likewise; with --text, both are sent as alternatives", { sets: ["html"] }),
  attach: list("FILE", "an attachment; repeat it for each", { completes: "file", sets: ["attachments"] }),
  header: list("FIELD", "a further header field, as 'Name: text'; repeat it for each", { sets: ["headers"] }),
  requiretls: flag(
    "not only to the server: all the way over TLS that is verified, or back (REQUIRETLS). The server has to offer it",
  ),
  "no-chunking": flag("send with DATA, never with BDAT: for a server that offers CHUNKING but fails at it", {
    makes: () => ({ chunking: false }),
  }),
  message: value(
    "FILE",
    "a ready-made message (RFC 5322) instead, sent as it is; - reads standard input. --from and --to are its envelope",
    { completes: "file", sets: ["message"] },
  ),
};

export const loginOptions = {
  server: value(
    "URL",
    "submission://USER@HOST (STARTTLS, port 587) or submissions://USER@HOST (TLS from the start, port 465). Left out: POSTSEAL_URL, which may hold the password too",
  ),
  account: value(
    "NAME",
    "an account of ~/.config/postseal/config.toml instead; without all three, the sender's address chooses one",
    { goesWithAccount: true },
  ),
  "password-file": value("FILE", "the password is its first line", {
    completes: "file",
    sets: ["credentials"],
  }),
  "password-env": value("NAME", "the password is in this environment variable"),
  "token-file": value("FILE", "an OAuth 2.0 access token, its first line", { completes: "file" }),
  "token-env": value("NAME", "the token is in this environment variable"),
  mechanism: value("NAME", "this SASL mechanism and no other (EXTERNAL: the client certificate)", {
    sets: ["auth.mechanism"],
    makes: mechanism,
  }),
  minimum: value(
    "LEVEL",
    "scram: a login that does not show the password; scram-plus: one that is bound to this TLS session",
    { completes: minimums, sets: ["auth.minimum"], makes: minimum, goesWithAccount: true },
  ),
};

export const tlsOptions = {
  ca: value("FILE", "trust this authority (PEM) too", { completes: "file", sets: ["tls.ca"] }),
  "ca-only": value("FILE", "trust this authority (PEM) and no other", { completes: "file" }),
  pin: list("PIN", "the server's key must be this one too; repeat it for several that may be", {
    sets: ["tls.pins"],
    makes: (pins) => ({ tls: { pins } }),
  }),
  "trust-pin": list(
    "PIN",
    "for a server without an authority: its key, instead of chain and name. postseal verify prints a server's pin",
    { sets: ["tls.trust"], makes: (pins) => ({ tls: { trust: { pins } } }) },
  ),
  "min-tls": value("VERSION", "1.3: no TLS 1.2", {
    completes: ["1.2", "1.3"],
    makes: minimumVersion,
    goesWithAccount: true,
  }),
  "require-pq": flag("a post-quantum key exchange, or nothing", {
    makes: () => ({ tls: { postQuantum: "require" } }),
    goesWithAccount: true,
  }),
  "client-cert": value("FILE", "a certificate of your own (PEM), with --client-key", {
    completes: "file",
    sets: ["tls.clientCertificate"],
  }),
  "client-key": value("FILE", "its private key (PEM)", { completes: "file" }),
};

export const runOptions = {
  timeout: value("SECONDS", "give up after so long, whatever is under way"),
  trace: flag("print the conversation to standard error as it goes on: what was clear, what was sealed, and no secret"),
  ...jsonOption,
};

export const verifyOptions = { ...loginOptions, ...tlsOptions, ...runOptions };
export const sendOptions = { ...messageOptions, ...verifyOptions };

export type MessageOption = keyof typeof messageOptions;
export type LoginOption = keyof typeof loginOptions;
export type TlsOption = keyof typeof tlsOptions;

function mechanism([given = ""]: readonly string[]): MailerOptions {
  const named = mechanismNamed(given);
  if (named === undefined) throw new CommandError("CLI_USAGE", `--mechanism is one of ${mechanismNames.join(", ")}`);
  return { auth: { mechanism: named } };
}

function minimum([given]: readonly string[]): MailerOptions {
  const named = minimums.find((one) => one === given);
  if (named !== undefined) return { auth: { minimum: named } };
  throw new CommandError(
    "CLI_USAGE",
    "--minimum is scram (a login that does not show the password) or scram-plus (one bound to this TLS session)",
  );
}

function minimumVersion([given]: readonly string[]): MailerOptions {
  switch (given) {
    case "1.2":
    case "TLSv1.2":
      return { tls: { minVersion: "TLSv1.2" } };
    case "1.3":
    case "TLSv1.3":
      return { tls: { minVersion: "TLSv1.3" } };
    default:
      throw new CommandError("CLI_USAGE", "--min-tls is 1.2 (the default) or 1.3");
  }
}
