/** What all the servers have in common: their name, their accounts, and what a test may ask of them. */
import type { Authority, Leaf } from "./pki.ts";
import { host } from "./port.ts";

export const serverName = "smtp.example.test";

/** Everybody who may log in. */
export const accounts: readonly Account[] = [
  { user: "alice@example.test", password: "secret-alice" },
  { user: "bob@example.test", password: "secret-bob" },
];

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** Forward-paths that are refused: every local-part that begins so. */
export const refusals: readonly Refusal[] = [
  { localPart: "greylist", reply: "450 4.7.1 Greylisted, try later" },
  { localPart: "full", reply: "452 4.2.2 Mailbox full" },
  { localPart: "nouser", reply: "550 5.1.1 No such user" },
];

/** Reverse-paths that are refused at once: every local-part that begins so. */
export const barred: Refusal = { localPart: "barred", reply: "550 5.7.1 Sender barred" };
/** Reverse-paths whose messages are refused when they are to begin. */
export const unheard: Refusal = { localPart: "unheard", reply: "550 5.7.1 Nothing from you" };

export interface Refusal {
  readonly localPart: string;
  readonly reply: string;
}

export interface ServerOptions {
  readonly authority: Authority;
  /** The certificate to show; the authority's ECDSA one unless told. */
  readonly leaf?: Leaf;
  /** The size limit of a message in octets; 10 MiB unless told. */
  readonly sizeLimit?: number;
}

/** Takes mail to any mailbox at example.test and keeps it, the {@link refusals} excepted. */
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
  /** All messages as delivered, oldest first, once there are at least `count` (1 unless told). */
  delivered(count?: number): Promise<readonly Uint8Array[]>;
}

export const defaultSizeLimit: number = 10 * 1024 * 1024;

/** How all of them are reached. */
export const address: Pick<MailServer, "host" | "serverName"> = { host, serverName };
