/**
 * Whether a certificate belongs to the server that was asked for (RFC 9525 section 6).
 *
 * Node's own check also accepts a common name without any subjectAltName, a wildcard for a part of a label, and a
 * leading dot; this one does not. An IP address is proved by an iPAddress entry only, never by a DNS entry that looks
 * like one. A wildcard stands for exactly one label, the first; that `*.co.uk` would be too much needs a list of public
 * suffixes, which is not here.
 */
import type { X509Certificate } from "node:crypto";
import { withoutPrototype } from "../policy/own-options.ts";
import type { ServerName } from "../policy/server-name.ts";

export function provesIdentity(certificate: X509Certificate, server: ServerName): boolean {
  // defence: address-by-its-own-entry
  if (server.kind === "ip") return certificate.checkIP(server.name) !== undefined;
  return (
    certificate.checkHost(
      server.name,
      withoutPrototype({
        // defence: common-name-proves-nothing
        subject: "never",
        wildcards: true,
        // defence: wildcard-is-a-whole-label
        partialWildcards: false,
        multiLabelWildcards: false,
        singleLabelSubdomains: false,
      } as const),
    ) !== undefined
  );
}

/** id-kp-serverAuth (RFC 5280 section 4.2.1.12). */
const SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";

/**
 * Whether a certificate, or all that an authority issues, may be used by a server. OpenSSL still takes the purposes of
 * "server gated cryptography", of Microsoft and Netscape, for it: no certificate of this century was issued to mean that.
 */
export function isForServers({ keyUsage }: X509Certificate): boolean {
  // So Node calls the extended key usage, and types it as if it were always there.
  const purposes: readonly string[] | undefined = keyUsage;
  // defence: certificate-is-for-servers
  return purposes === undefined || purposes.includes(SERVER_AUTHENTICATION);
}
