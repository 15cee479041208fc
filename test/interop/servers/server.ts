/** What all servers have in common: their name, their accounts, and what a test may ask of them. */
import type { Authority, Leaf } from "./pki.ts";
import { host } from "./port.ts";

export const serverName = "smtp.example.test";

/** The users who may log in. */
export const accounts: readonly Account[] = [
  { user: "alice@example.test", password: "secret-alice" },
  { user: "bob@example.test", password: "secret-bob" },
];

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** Refused forward-paths: every local-part that begins like this. */
export const refusals: readonly Refusal[] = [
  { localPart: "greylist", reply: "450 4.7.1 Greylisted, try later" },
  { localPart: "full", reply: "452 4.2.2 Mailbox full" },
  { localPart: "nouser", reply: "550 5.1.1 No such user" },
];

/** A reverse-path that is refused at once: every local-part that begins like this. */
export const barred: Refusal = { localPart: "barred", reply: "550 5.7.1 Sender barred" };
/** A reverse-path whose messages are refused when their body is due. */
export const unheard: Refusal = { localPart: "unheard", reply: "550 5.7.1 Nothing from you" };

export interface Refusal {
  readonly localPart: string;
  readonly reply: string;
}

export interface ServerOptions {
  readonly authority: Authority;
  /** The certificate to show. Default: the authority's ECDSA one. */
  readonly leaf?: Leaf;
  /** The size limit of a message, in octets. Default 10 MiB. */
  readonly sizeLimit?: number;
}

/** Takes mail to any mailbox at example.test and keeps it, apart from the {@link refusals}. */
export interface MailServer extends AsyncDisposable {
  readonly host: string;
  readonly serverName: string;
  /** STARTTLS, then AUTH. */
  readonly submissionPort: number;
  /** Implicit TLS, then AUTH. */
  readonly submissionsPort: number;
  /** The folder that holds all of its state. */
  readonly folder: string;
  log(): string;
  /** All delivered messages, oldest first, once there are at least `count` (default 1). */
  delivered(count?: number): Promise<readonly Uint8Array[]>;
}

export const defaultSizeLimit: number = 10 * 1024 * 1024;

/** The address and name of all of them. */
export const address: Pick<MailServer, "host" | "serverName"> = { host, serverName };
