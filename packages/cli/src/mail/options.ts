/** The options of `send` and `verify`: each with its help and what it sets. */
import type { MailerOptions } from "@postseal/mailer";
import { CommandError } from "../command-error.ts";
import { mechanismNames, minimums } from "@postseal/mailer/mechanisms";
import { mechanismNamed } from "../mechanism.ts";
import { flag, list, value } from "../option.ts";

export const priorities = ["high", "normal", "low"] as const;

/** Shared with subcommands that send nothing. */
export const jsonOption = { json: flag("print one JSON object to standard output, for errors too") };

export const messageOptions = {
  from: value("ADDRESS", "the sender: a@example.com or 'Alice <a@example.com>'", { sets: ["from", "envelope.from"] }),
  to: list("ADDRESS", "a recipient; repeat it for each", { sets: ["to", "envelope.to"] }),
  cc: list("ADDRESS", "a recipient who is named in the Cc header; repeat it for each", { sets: ["cc"] }),
  bcc: list("ADDRESS", "a recipient who is not named in any header; repeat it for each", { sets: ["bcc"] }),
  "reply-to": list("ADDRESS", "where answers go, if not to the sender; repeat it for each", { sets: ["replyTo"] }),
  subject: value("TEXT", "the subject", { sets: ["subject"] }),
  text: value("TEXT", "the message as plain text; - reads it from standard input", { sets: ["text"] }),
  "text-file": value("FILE", "the same from a file in UTF-8", { completes: "file" }),
  html: value(
    "HTML",
    "the message as HTML; - reads it from standard input. With --text, both are sent as alternatives",
    { sets: ["html"] },
  ),
  "html-file": value("FILE", "the same from a file in UTF-8", { completes: "file" }),
  attach: list("FILE", "a file to attach; repeat it for each", { completes: "file", sets: ["attachments"] }),
  header: list("FIELD", "another header field, as 'Name: text'; repeat it for each", { sets: ["headers"] }),
  "in-reply-to": value("ID", "the Message-ID that this answers, with its angle brackets", { sets: ["inReplyTo"] }),
  references: value(
    "IDS",
    "the Message-IDs of the thread, oldest first, with spaces between them. Default: --in-reply-to",
    {
      sets: ["references"],
    },
  ),
  date: value("TIME", "the date in the header, such as 2026-11-28T12:00:00+01:00. Default: now", { sets: ["date"] }),
  priority: value("LEVEL", "high, normal or low, as mail programs show it", {
    completes: priorities,
    sets: ["priority"],
  }),
  requiretls: flag(
    "verified TLS all the way to the recipient, not only to the server; otherwise the message comes back (REQUIRETLS). The server must offer it",
  ),
  "no-chunking": flag("send with DATA, never with BDAT: for a server that offers CHUNKING but fails at it", {
    makes: () => ({ chunking: false }),
  }),
  message: value(
    "FILE",
    "send this message (RFC 5322) as it is, instead of composing one; - reads it from standard input. --from and --to are its envelope",
    { completes: "file", sets: ["message"] },
  ),
};

export const loginOptions = {
  server: value(
    "URL",
    "submission://USER@HOST (STARTTLS, port 587) or submissions://USER@HOST (TLS from the start, port 465). Default: POSTSEAL_URL, which may hold the password too",
  ),
  account: value(
    "NAME",
    "use this account of ~/.config/postseal/config.toml instead. Without --server, POSTSEAL_URL and --account, the sender's address chooses one",
    { goesWithAccount: true },
  ),
  "password-file": value("FILE", "read the password from the first line of FILE", {
    completes: "file",
    sets: ["credentials"],
  }),
  "password-env": value("NAME", "read the password from this environment variable"),
  "token-file": value("FILE", "read an OAuth 2.0 access token from the first line of FILE", { completes: "file" }),
  "token-env": value("NAME", "read the token from this environment variable"),
  mechanism: value("NAME", "use this SASL mechanism and no other (EXTERNAL logs in with the client certificate)", {
    sets: ["auth.mechanism"],
    makes: mechanism,
  }),
  minimum: value(
    "LEVEL",
    "scram: the login must not show the password to the server; scram-plus: it must also be bound to this TLS session",
    { completes: minimums, sets: ["auth.minimum"], makes: minimum, goesWithAccount: true },
  ),
};

export const tlsOptions = {
  ca: value("FILE", "trust this authority (PEM) as well as the usual ones", { completes: "file", sets: ["tls.ca"] }),
  "ca-only": value("FILE", "trust this authority (PEM) and no other", { completes: "file", sets: ["tls.ca.only"] }),
  pin: list("PIN", "also require that the server's key has this pin; repeat it to allow several", {
    sets: ["tls.pins"],
    makes: (pins) => ({ tls: { pins } }),
  }),
  "trust-pin": list(
    "PIN",
    "trust the key that has this pin, instead of an authority and a name. postseal verify prints a server's pin",
    { sets: ["tls.trust"], makes: (pins) => ({ tls: { trust: { pins } } }) },
  ),
  "min-tls": value("VERSION", "1.3 refuses TLS 1.2; the default is 1.2", {
    completes: ["1.2", "1.3"],
    makes: minimumVersion,
    goesWithAccount: true,
  }),
  "require-pq": flag("refuse any key exchange that is not post-quantum", {
    makes: () => ({ tls: { postQuantum: "require" } }),
    goesWithAccount: true,
  }),
  "client-cert": value("FILE", "your own certificate (PEM); needs --client-key", {
    completes: "file",
    sets: ["tls.clientCertificate"],
  }),
  "client-key": value("FILE", "the private key of --client-cert (PEM)", { completes: "file" }),
};

export const runOptions = {
  timeout: value("SECONDS", "give up after this many seconds, whatever is under way"),
  trace: flag("print the conversation to standard error as it happens: what was clear, what was sealed, and no secret"),
  ...jsonOption,
};

export const verifyOptions = { ...loginOptions, ...tlsOptions, ...runOptions };
export const sendOptions = { ...messageOptions, ...verifyOptions };

/** All but what is about the connection. */
export type MessageOption = Exclude<keyof typeof messageOptions, "no-chunking">;
export type LoginOption = keyof typeof loginOptions;
export type TlsOption = keyof typeof tlsOptions;

function mechanism([given = ""]: readonly string[]): MailerOptions {
  const named = mechanismNamed(given);
  if (named === undefined)
    throw new CommandError("CLI_USAGE", `--mechanism must be one of ${mechanismNames.join(", ")}`);
  return { auth: { mechanism: named } };
}

function minimum([given]: readonly string[]): MailerOptions {
  const named = minimums.find((one) => one === given);
  if (named !== undefined) return { auth: { minimum: named } };
  throw new CommandError(
    "CLI_USAGE",
    "--minimum must be scram (a login that does not show the password) or scram-plus (one bound to this TLS session)",
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
      throw new CommandError("CLI_USAGE", "--min-tls must be 1.2 (the default) or 1.3");
  }
}
