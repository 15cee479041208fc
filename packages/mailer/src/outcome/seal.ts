/** What TLS proved about one session: the evidence that every receipt carries. */

/** Where the authority at the end of the peer's chain came from. */
export type RootOrigin = "bundled" | "system" | "environment" | "added";

export interface Seal {
  readonly protocol: "TLSv1.2" | "TLSv1.3";
  /** The suite by its IANA name, e.g. `TLS_AES_256_GCM_SHA384`. */
  readonly cipherSuite: string;
  /** The key exchange group, e.g. `X25519MLKEM768` or `X25519`. */
  readonly keyExchange: string;
  /** Whether a future quantum computer could not decrypt recorded traffic. */
  readonly postQuantum: boolean;
  /** `pkix`: by chain and name (RFC 5280, RFC 9525), and by pins if any are set. `pin`: by the key alone. */
  readonly verifiedBy: "pkix" | "pin";
  /** The reference identifier that was asked for: an A-label host name or an IP address. */
  readonly serverName: string;
  readonly certificate: {
    /** SHA-256 over the certificate, lower-case hexadecimal. */
    readonly fingerprint: string;
    /** SHA-256 over the SubjectPublicKeyInfo, base64: what `pins` take. */
    readonly spki: string;
    readonly issuer: string;
    /** ISO 8601, UTC. */
    readonly notAfter: string;
  };
  /** Absent if a pin replaces the chain; and if the server sent its certificates in a way that keeps Node from reporting the verified path. */
  readonly rootOrigin?: RootOrigin;
  /** The channel binding that authentication used (RFC 9266), if it used one. */
  readonly channelBinding?: "tls-exporter";
}
