/** The servers that the interop tests send through, and what each offers: one table, so that no test forgets a server. */
import type { MechanismName } from "@postseal/mailer";
import { startAiosmtpd } from "./servers/aiosmtpd.ts";
import { startDovecot } from "./servers/dovecot.ts";
import { startExim } from "./servers/exim.ts";
import { startHaraka } from "./servers/haraka.ts";
import { startPostfix } from "./servers/postfix.ts";
import { startScramPlus } from "./servers/scram-plus.ts";
import type { MailServer, ServerOptions } from "./servers/server.ts";

/** The SCRAM-PLUS server has no implicit TLS. */
export type Server = Omit<MailServer, "submissionsPort"> & { readonly submissionsPort?: number };

export interface Entry {
  readonly start: (options: ServerOptions) => Promise<Server>;
  /** What its EHLO reply lists inside TLS, by either transport. */
  readonly mechanisms: readonly MechanismName[];
  /** What a caller with a password gets by default. */
  readonly strongest: MechanismName;
  readonly chunking: boolean;
  readonly dsn: boolean;
  readonly smtpUtf8: boolean;
  /** Depends on the server's TLS library: OpenSSL 3.0 on Debian 12 has no hybrid groups, Node's OpenSSL has them. */
  readonly keyExchange: "X25519" | "X25519MLKEM768";
}

const passwords = ["PLAIN", "LOGIN", "CRAM-MD5"] as const;
const scram = ["SCRAM-SHA-1", "SCRAM-SHA-256"] as const;
const tokens = ["OAUTHBEARER", "XOAUTH2"] as const;

const postfix = { chunking: true, dsn: true, smtpUtf8: true, keyExchange: "X25519" } as const;

export const roster: Readonly<Record<string, Entry>> = {
  "Postfix with Dovecot's SASL": {
    ...postfix,
    start: (options) => startPostfix(options),
    mechanisms: [...passwords, ...scram, ...tokens],
    strongest: "SCRAM-SHA-256",
  },
  "Postfix with Cyrus SASL": {
    ...postfix,
    start: (options) => startPostfix({ ...options, sasl: "cyrus" }),
    mechanisms: [...passwords, ...scram],
    strongest: "SCRAM-SHA-256",
  },
  Dovecot: {
    start: startDovecot,
    mechanisms: [...passwords, ...scram, ...tokens],
    strongest: "SCRAM-SHA-256",
    chunking: true,
    dsn: false,
    smtpUtf8: false,
    keyExchange: "X25519",
  },
  Exim: {
    start: startExim,
    mechanisms: passwords,
    strongest: "CRAM-MD5",
    chunking: true,
    dsn: true,
    smtpUtf8: true,
    keyExchange: "X25519",
  },
  Haraka: {
    start: startHaraka,
    mechanisms: passwords,
    strongest: "CRAM-MD5",
    chunking: false,
    dsn: false,
    smtpUtf8: true,
    keyExchange: "X25519MLKEM768",
  },
  aiosmtpd: {
    start: startAiosmtpd,
    mechanisms: ["PLAIN", "LOGIN"],
    strongest: "PLAIN",
    chunking: false,
    dsn: false,
    smtpUtf8: true,
    keyExchange: "X25519",
  },
  "The SCRAM-PLUS server": {
    start: startScramPlus,
    mechanisms: [...scram, "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"],
    strongest: "SCRAM-SHA-256-PLUS",
    chunking: false,
    dsn: false,
    smtpUtf8: false,
    keyExchange: "X25519MLKEM768",
  },
};

/** One of each kind, for tests that do not depend on what checks the password. */
export const mailServers: readonly (readonly [name: string, entry: Entry])[] = Object.entries(roster).filter(
  ([name]) => !["Postfix with Cyrus SASL", "The SCRAM-PLUS server"].includes(name),
);
