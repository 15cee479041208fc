/** Whether a certificate vouches for itself: the end of every path, and what an authority must be to be trusted. */
import type { X509Certificate } from "node:crypto";

export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && isSignedBy(certificate, certificate);
}

export function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // A key of a kind that Node cannot read has signed nothing that can be judged.
    return false;
  }
}

/** The most telling part of a certificate's subject or issuer: its common name, where it has one. */
export function commonNameIn(name: string): string {
  return /^CN=(.*)$/m.exec(name)?.[1] ?? name.replaceAll("\n", ", ");
}
