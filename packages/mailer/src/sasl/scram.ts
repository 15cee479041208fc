/** SCRAM (RFC 5802, RFC 7677): proves the password without sending it, and makes the server prove that it knows it too. */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";
import { encodeBase64 } from "../wire/base64.ts";
import { unexpectedChallenge } from "./challenge.ts";
import type { PasswordCredentials } from "./credentials.ts";
import { type ChannelBinding, escapeName, formatGs2Header } from "./gs2-header.ts";
import type { Mechanism, MechanismName } from "./mechanism.ts";
import { prepareSecret, prepareText } from "./preparation.ts";
import { parseServerFinal, parseServerFirst, unproven } from "./scram-message.ts";
import type { Secret } from "./secret.ts";

/** The hash in a mechanism's name: one that has no digest below does not compile. */
type HashIn<Name> = Name extends `SCRAM-${infer Hash}-PLUS` ? Hash : Name extends `SCRAM-${infer Hash}` ? Hash : never;
type ScramHash = HashIn<MechanismName>;

interface Digest {
  /** As Node calls it. */
  readonly name: string;
  readonly octets: number;
}

const digests: Readonly<Record<ScramHash, Digest>> = {
  "SHA-1": { name: "sha1", octets: 20 },
  "SHA-256": { name: "sha256", octets: 32 },
};

/** Throws `TypeError` for a mechanism that is no SCRAM. */
export function scramHashOf(mechanism: MechanismName): ScramHash {
  const hash = mechanism.replace(/^SCRAM-/, "").replace(/-PLUS$/, "");
  if (mechanism.startsWith("SCRAM-") && isHash(hash)) return hash;
  throw new TypeError(`${mechanism} is no SCRAM`);
}

function isHash(text: string): text is ScramHash {
  return Object.hasOwn(digests, text);
}

export class ScramMechanism implements Mechanism {
  readonly name: `SCRAM-${ScramHash}` | `SCRAM-${ScramHash}-PLUS`;
  readonly #digest: Digest;
  readonly #password: Secret;
  readonly #nonce: string;
  readonly #gs2Header: string;
  readonly #clientFirstBare: string;
  /** The `c` attribute: base64 of the GS2 header, followed by the exporter if the login is bound. */
  readonly #bound: string;
  #due: "server-first" | "server-final" | "nothing" = "server-first";
  #serverSignature: Uint8Array | undefined;
  #proven = false;
  #proof: string | undefined;

  /**
   * Throws `AuthenticationError` (`MAIL_AUTH_CREDENTIALS`) for a name or password that SASLprep refuses.
   * `nonce` is only for the test vectors of the RFCs: with a nonce that is known beforehand, a login can be replayed.
   */
  constructor(
    hash: ScramHash,
    { username, password, authorizationId }: PasswordCredentials,
    binding: ChannelBinding,
    nonce: string = randomBytes(18).toString("base64"),
  ) {
    this.name = binding.flag === "p" ? `SCRAM-${hash}-PLUS` : `SCRAM-${hash}`;
    this.#digest = digests[hash];
    this.#password = prepareSecret(this.name, "password", password, prepareText);
    this.#nonce = nonce;
    this.#gs2Header = formatGs2Header(
      binding.flag,
      authorizationId ? prepareText(this.name, "authorizationId", authorizationId) : undefined,
    );
    this.#clientFirstBare = `n=${escapeName(prepareText(this.name, "username", username))},r=${nonce}`;
    const exporter = binding.flag === "p" ? binding.exporter : new Uint8Array(0);
    this.#bound = encodeBase64(Buffer.concat([Buffer.from(this.#gs2Header), exporter]));
  }

  get initialResponse(): Uint8Array {
    return Buffer.from(this.#gs2Header + this.#clientFirstBare);
  }

  get proof(): string | undefined {
    // defence: proof-is-struck-out
    return this.#proof;
  }

  async respond(challenge: Uint8Array): Promise<Uint8Array> {
    const due = this.#due;
    this.#due = "nothing";
    switch (due) {
      case "server-first":
        return this.#prove(challenge);
      case "server-final":
        this.#verify(challenge);
        return new Uint8Array(0);
      case "nothing":
      default:
        throw unexpectedChallenge(this.name);
    }
  }

  finish(): void {
    if (!this.#proven)
      throw unproven(
        this.name,
        "The server said that the login succeeded, but never proved that it knows the password: it may be an impostor that lets everyone in, to collect their mail.",
      );
  }

  async #prove(serverFirst: Uint8Array): Promise<Uint8Array> {
    const { nonce, salt, iterations } = parseServerFirst(this.name, serverFirst, this.#nonce);
    const withoutProof = `c=${this.#bound},r=${nonce}`;
    // Copied before the wait: the channel may overwrite the challenge's memory.
    const authMessage = Buffer.concat([
      Buffer.from(`${this.#clientFirstBare},`),
      serverFirst,
      Buffer.from(`,${withoutProof}`),
    ]);
    const saltedPassword = await this.#saltedPassword(salt, iterations);
    const clientKey = this.#hmac(saltedPassword, "Client Key");
    const storedKey = createHash(this.#digest.name).update(clientKey).digest();
    const clientSignature = this.#hmac(storedKey, authMessage);
    const proof = clientKey.map((octet, index) => octet ^ (clientSignature[index] ?? 0));
    this.#serverSignature = this.#hmac(this.#hmac(saltedPassword, "Server Key"), authMessage);
    this.#due = "server-final";
    this.#proof = encodeBase64(proof);
    return Buffer.from(`${withoutProof},p=${this.#proof}`);
  }

  #verify(serverFinal: Uint8Array): void {
    const signature = parseServerFinal(this.name, serverFinal);
    const expected = this.#serverSignature;
    // defence: server-signature-is-verified
    if (expected === undefined || signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw unproven(
        this.name,
        "The server's signature is wrong: it does not know the password, so it is not the server that the account is on, or someone stands in between.",
      );
    this.#proven = true;
  }

  #hmac(key: Uint8Array, text: string | Uint8Array): Buffer {
    return createHmac(this.#digest.name, key).update(text).digest();
  }

  /** On the thread pool: a million iterations would block every other session for half a second. */
  #saltedPassword(salt: Uint8Array, iterations: number): Promise<Buffer> {
    const { name, octets } = this.#digest;
    return new Promise((resolve, reject) => {
      pbkdf2(this.#password.reveal(), salt, iterations, octets, name, (error, key) =>
        error === null ? resolve(key) : reject(error),
      );
    });
  }
}
