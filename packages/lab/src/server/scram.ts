/**
 * The server's side of SCRAM (RFC 5802, RFC 7677), which can detect an attacker in the middle. It is a value: each step
 * takes the client's message and returns the next step.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import { type PromptExchange, over, wait } from "./exchange.ts";

export interface ScramOptions {
  readonly hash: "sha1" | "sha256";
  /** `undefined` for an unknown name. */
  readonly passwordOf: (username: string) => string | undefined;
  /** The TLS exporter's octets (RFC 9266), for a mechanism with -PLUS. */
  readonly binding?: Buffer | undefined;
  /** Whether this server offers a -PLUS. If so, a client that believes otherwise was lied to (RFC 5802 section 6). */
  readonly offersPlus?: boolean;
  /** What the server appends to the client's nonce. Default: random. */
  readonly nonce?: string;
  readonly salt?: Buffer;
  /** For a server that does not know the password, and says that the login succeeded. Default: none. */
  readonly fault?: ScramFault;
}

/** What is false in the server's messages. `at-once`: it has none, and says at once that the login succeeded. */
export type ScramFault =
  | "at-once"
  | "foreign-nonce"
  | "empty-salt"
  | "one-iteration"
  | "endless-iterations"
  | "unknown-extension"
  | "wrong-signature"
  | "no-signature"
  | "error-ignored";

const ITERATIONS = 4096;
const ODD_ITERATIONS: ReadonlyMap<ScramFault, number> = new Map([
  ["one-iteration", 1],
  ["endless-iterations", 2_147_483_647],
]);

/** Waits for the client's first message. */
export function scram(options: ScramOptions): PromptExchange {
  return wait((response) => {
    const first = parseFirst(response.toString());
    const password = options.passwordOf(first.username);
    if (options.fault === "at-once") return over(first.username);
    if (!flagsOf(options).includes(first.flag) || password === undefined) return over(undefined);
    return serverFirst(options, first, password);
  });
}

interface ClientFirst {
  readonly flag: string;
  readonly authorizationId: string;
  readonly bare: string;
  readonly username: string;
}

function parseFirst(message: string): ClientFirst {
  const [flag = "", authorizationId = "", ...rest] = message.split(",");
  const bare = rest.join(",");
  const username = attribute(bare, "n").replaceAll("=2C", ",").replaceAll("=3D", "=");
  return { flag, authorizationId, bare, username };
}

function flagsOf({ binding, offersPlus = false }: ScramOptions): readonly string[] {
  if (binding !== undefined) return ["p=tls-exporter"];
  return offersPlus ? ["n"] : ["n", "y"];
}

function serverFirst(options: ScramOptions, first: ClientFirst, password: string): PromptExchange {
  const { hash, binding = Buffer.alloc(0), fault } = options;
  if (fault !== undefined) return falseFirst(fault, first);
  const salt = options.salt ?? randomBytes(16);
  const nonce = attribute(first.bare, "r") + (options.nonce ?? randomBytes(18).toString("base64"));
  const header = Buffer.concat([Buffer.from(`${first.flag},${first.authorizationId},`), binding]).toString("base64");
  const message = `r=${nonce},s=${salt.toString("base64")},i=${ITERATIONS}`;
  return {
    challenge: Buffer.from(message),
    hear: (response) => {
      const final = response.toString();
      if (attribute(final, "c") !== header || attribute(final, "r") !== nonce) return over(undefined);
      const transcript = `${first.bare},${message},${final.slice(0, final.lastIndexOf(",p="))}`;
      const salted = pbkdf2Sync(password, salt, ITERATIONS, hash === "sha1" ? 20 : 32, hash);
      if (!isProof(Buffer.from(attribute(final, "p"), "base64"), proofOf(hash, salted, transcript)))
        return over(undefined);
      return serverFinal(hmac(hash, hmac(hash, salted, "Server Key"), transcript), first.username);
    },
  };
}

/** It takes any proof. */
function falseFirst(fault: ScramFault, first: ClientFirst): PromptExchange {
  const nonce = (fault === "foreign-nonce" ? "" : attribute(first.bare, "r")) + randomBytes(18).toString("base64");
  const salt = fault === "empty-salt" ? "" : randomBytes(16).toString("base64");
  const iterations = ODD_ITERATIONS.get(fault) ?? ITERATIONS;
  const extension = fault === "unknown-extension" ? "m=tide," : "";
  return {
    challenge: Buffer.from(`${extension}r=${nonce},s=${salt},i=${iterations}`),
    hear: () => falseFinal(fault, first.username),
  };
}

function falseFinal(fault: ScramFault, username: string): PromptExchange {
  switch (fault) {
    case "no-signature":
      return over(username);
    case "error-ignored":
      return { challenge: Buffer.from("e=other-error"), hear: () => over(username) };
    default:
      return serverFinal(randomBytes(32), username);
  }
}

/** The server's own proof. The client answers it with an empty response. */
function serverFinal(signature: Buffer, username: string): PromptExchange {
  return { challenge: Buffer.from(`v=${signature.toString("base64")}`), hear: () => over(username) };
}

function proofOf(hash: ScramOptions["hash"], salted: Buffer, transcript: string): Buffer {
  const clientKey = hmac(hash, salted, "Client Key");
  const signature = hmac(hash, createHash(hash).update(clientKey).digest(), transcript);
  return Buffer.from(clientKey.map((octet, at) => octet ^ (signature[at] ?? 0)));
}

function isProof(given: Buffer, proof: Buffer): boolean {
  return given.length === proof.length && timingSafeEqual(given, proof);
}

function attribute(message: string, name: string): string {
  return (
    message
      .split(",")
      .find((part) => part.startsWith(`${name}=`))
      ?.slice(2) ?? ""
  );
}

function hmac(hash: string, key: Buffer, text: string): Buffer {
  return createHmac(hash, key).update(text).digest();
}
