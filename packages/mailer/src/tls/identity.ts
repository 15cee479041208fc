/**
 * Whether a certificate belongs to the server that was asked for (RFC 9525 section 6).
 *
 * Node's own check also accepts a common name without any subjectAltName, a wildcard for a part of a label, and a
 * leading dot; this one does not. Only an iPAddress entry proves an IP address, never a DNS entry that looks like one.
 * A wildcard stands for exactly one label, the first. `*.co.uk` is accepted: refusing it would need a list of public suffixes.
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
 * Whether a server may use a certificate, or those that an authority issues. OpenSSL also accepts Microsoft's and Netscape's
 * "server gated cryptography", which no certificate of this century was issued for.
 */
export function isForServers({ keyUsage }: X509Certificate): boolean {
  // Node's name for the extended key usage; its type says that it is always there, which is wrong.
  const purposes: readonly string[] | undefined = keyUsage;
  // defence: certificate-is-for-servers
  return purposes === undefined || purposes.includes(SERVER_AUTHENTICATION);
}
