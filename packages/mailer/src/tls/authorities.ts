/**
 * Which authorities are trusted, and where each came from.
 *
 * Administrators can add authorities through the environment; the seal then says so. Outside the command, only this file reads
 * the environment: it looks whether two variables are set, never at their values.
 */
import { X509Certificate } from "node:crypto";
import * as tls from "node:tls";
import type { RootOrigin } from "../outcome/seal.ts";
import { isSelfSigned } from "../policy/self-signed.ts";
import type { TlsPolicy } from "../policy/tls-policy.ts";

export interface Authorities {
  readonly pem: readonly string[];
  /** Where a trusted certificate came from; if it has several origins, the most trusted one. */
  originOf(certificate: X509Certificate): RootOrigin | undefined;
  /** The trusted certificates with the name of this one's issuer. Whether they made its signature is another question. */
  namedAsIssuerOf(certificate: X509Certificate): readonly X509Certificate[];
  /** Certificates that the caller added and that are not roots: they complete paths, and end none. */
  intermediates(): readonly X509Certificate[];
}

export function authoritiesOf(policy: TlsPolicy): Authorities {
  const { from, added } = policy.authorities;
  const sources: (readonly [RootOrigin, readonly string[]])[] = [["added", added]];
  if (from === "public-and-added") {
    const redirected = Object.hasOwn(process.env, "SSL_CERT_FILE") || Object.hasOwn(process.env, "SSL_CERT_DIR");
    sources.unshift(
      ["bundled", tls.getCACertificates("bundled")],
      [redirected ? "environment" : "system", tls.getCACertificates("system")],
      ["environment", tls.getCACertificates("extra")],
    );
  }
  // The first source of a certificate counts.
  const origins = new Map<string, RootOrigin>();
  for (const [origin, certificates] of sources)
    for (const pem of certificates) if (!origins.has(pem)) origins.set(pem, origin);
  let read: readonly Trusted[] | undefined;
  const trusted = (): readonly Trusted[] => (read ??= Array.from(origins, derOf));
  return {
    pem: [...origins.keys()],
    originOf: ({ raw }) => trusted().find(({ der }) => der.equals(raw))?.origin,
    namedAsIssuerOf: ({ raw }) => {
      const name = issuerNameIn(raw);
      // Parsing hundreds of them would cost more than the handshake, and only a few hold the name.
      return trusted()
        .filter(({ der }) => der.includes(name))
        .map(({ der }) => new X509Certificate(der));
    },
    intermediates: () => added.map((pem) => new X509Certificate(pem)).filter((one) => !isSelfSigned(one)),
  };
}

interface Trusted {
  readonly origin: RootOrigin;
  readonly der: Buffer;
}

function derOf([pem, origin]: readonly [string, RootOrigin]): Trusted {
  return { origin, der: Buffer.from(pem.replace(/-----[^-]+-----/g, ""), "base64") };
}

/** Tag, length and value of the issuer's Name (RFC 5280 section 4.1). OpenSSL has read the certificate already, so it is well-formed. */
function issuerNameIn(der: Buffer): Buffer {
  const body = elementAt(der, elementAt(der, 0).from);
  const first = elementAt(der, body.from);
  // All but the oldest certificates have a version.
  const serial = der[body.from] === 0xa0 ? elementAt(der, first.to) : first;
  const algorithm = elementAt(der, serial.to);
  return der.subarray(algorithm.to, elementAt(der, algorithm.to).to);
}

/** Where the value of a DER element begins, and where the element ends. */
function elementAt(der: Buffer, at: number): { readonly from: number; readonly to: number } {
  const length = der.readUInt8(at + 1);
  if (length < 0x80) return { from: at + 2, to: at + 2 + length };
  const from = at + 2 + (length & 0x7f);
  return { from, to: from + der.readUIntBE(at + 2, length & 0x7f) };
}
