/**
 * Which authorities are trusted, and where each came from.
 *
 * The environment can add authorities, as administrators do, and the seal says so. This is the one place outside the
 * command that looks at the environment: at whether two variables are set, never at what they say.
 */
import { X509Certificate } from "node:crypto";
import * as tls from "node:tls";
import type { RootOrigin } from "../outcome/seal.ts";
import type { TlsPolicy } from "../policy/tls-policy.ts";

export interface Authorities {
  readonly pem: readonly string[];
  /** Where a root came from, by its SHA-256 fingerprint; several origins: the most trusted one. */
  originOf(root: X509Certificate): RootOrigin | undefined;
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
  return {
    pem: [...new Set(sources.flatMap(([, certificates]) => certificates))],
    originOf: (root) => sources.find(([, certificates]) => certificates.some((pem) => isSame(pem, root)))?.[0],
  };
}

function isSame(pem: string, root: X509Certificate): boolean {
  // Nearly all differ in their text already; only equal text is worth no parsing.
  return body(pem) === body(root.toString());
}

function body(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s+/g, "");
}
