/** An account as a configuration file describes it: which server, what it must prove, and where the secret is. */
import type { MechanismName, Transport } from "@postseal/mailer";
import type { Minimum } from "@postseal/mailer/mechanisms";
import type { OauthSettings } from "./oauth.ts";
import type { SecretReference } from "./secret-reference.ts";
import type { AccountRate } from "@postseal/outbox";

export interface Account {
  readonly name: string;
  /** The configuration file that it is in. */
  readonly file: string;
  readonly server: AccountServer;
  readonly username: string | undefined;
  /** Addresses, or domains such as `@example.com`, that choose it. The first address is the sender if none is given. */
  readonly from: readonly string[];
  readonly sendmail: AccountSendmail;
  readonly outbox: AccountOutbox;
  readonly tls: AccountTls;
  readonly minimum: Minimum | undefined;
  readonly mechanism: MechanismName | undefined;
  /** `undefined`: no login, or that of the client certificate. */
  readonly secret: SecretReference<AccountKey> | undefined;
  /** Tokens that are fetched and renewed here, in place of a secret. */
  readonly oauth: OauthSettings | undefined;
  /** In seconds: how long the program that prints the secret may run. */
  readonly passwordTimeout: number | undefined;
  /** The line of a key. */
  readonly lineOf: (key: AccountKey) => number | undefined;
}

export type AccountServer =
  | { readonly url: string }
  | { readonly host: string; readonly port: number | undefined; readonly transport: Transport | undefined };

export interface AccountTls {
  /** Paths, absolute. */
  readonly ca: string | undefined;
  readonly caOnly: string | undefined;
  readonly pins: readonly string[] | undefined;
  readonly trustPins: readonly string[] | undefined;
  readonly minVersion: "TLSv1.2" | "TLSv1.3" | undefined;
  readonly requirePostQuantum: boolean;
  readonly clientCertificate: { readonly cert: string; readonly key: string } | undefined;
}

/** What `postseal sendmail` does with a message of this account. */
export interface AccountSendmail {
  /** Whether a message that no server has to take is mended. */
  readonly mends: boolean;
  /** Whether the account's own address takes the place of every other sender. */
  readonly alwaysOwn: boolean;
  /** `syslog-if-any`: nothing is said if there is no syslog. */
  readonly log: "syslog-if-any" | "syslog" | "none" | { readonly path: string };
}

/** What the outbox does with a message of this account. */
export interface AccountOutbox {
  /** Whether `postseal sendmail` queues a message, instead of sending it at once. */
  readonly queues: boolean;
  /** What becomes of a message if nobody can know whether it was taken. */
  readonly onUnknown: "hold" | "redeliver" | undefined;
  /** What the provider allows. */
  readonly rate: AccountRate;
}

export const accountKeys = [
  "server",
  "host",
  "port",
  "transport",
  "username",
  "from",
  "password-command",
  "password-file",
  "password-env",
  "password-secret-tool",
  "password-timeout",
  "token-command",
  "token-file",
  "token-env",
  "oauth",
  "mechanism",
  "minimum",
  "ca",
  "ca-only",
  "pins",
  "trust-pins",
  "min-tls",
  "require-post-quantum",
  "client-certificate",
  "client-key",
  "mend",
  "sender",
  "log",
  "queue",
  "on-unknown",
  "messages-per-second",
  "messages-per-minute",
  "recipients-per-minute",
  "recipients-per-day",
] as const;
export type AccountKey = (typeof accountKeys)[number];
