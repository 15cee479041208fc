/** Whether a certificate is self-signed: every path ends at such a certificate, and a trusted authority must be one. */
import type { X509Certificate } from "node:crypto";

export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && isSignedBy(certificate, certificate);
}

export function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // Node cannot read this kind of key, so no signature by it can be verified.
    return false;
  }
}

/** The most telling part of a certificate's subject or issuer: the common name, if there is one. */
export function commonNameIn(name: string): string {
  return /^CN=(.*)$/m.exec(name)?.[1] ?? name.replaceAll("\n", ", ");
}
