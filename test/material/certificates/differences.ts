/** The differences between RFC 5280 or RFC 9525 and Postseal. README.md says how to read them. */
import type { Difference } from "../difference.ts";

const AUTHORITY_FLAWS = ["out-of-scope", "no-authority", "for-email", "no-basic-constraints", "sha1"];

/** The cases with each of these flaws in each of these certificates. */
function graph(name: string, flaws: readonly string[], bad: readonly string[]): readonly string[] {
  return flaws.flatMap((flaw) => bad.map((edges) => `graph/${name}/${flaw}/${edges}`));
}

export const differences: readonly Difference[] = [
  {
    verdict: "refused",
    why: "Only a root ends a path: Node has no way to trust an intermediate authority alone.",
    ids: ["basic/authority-as-the-only-anchor"],
  },
  {
    verdict: "refused",
    why: "RFC 5280 section 4.2.1.12 lets an application insist on its own purpose: a certificate for any purpose does not name servers.",
    ids: ["purpose/any-only", "purpose/authority-for-anything"],
  },
  {
    verdict: "refused",
    why: "OpenSSL finds an issuer by its key identifier too, so a wrong identifier hides the issuer. No authority writes a wrong one.",
    ids: ["identifier/leaf-with-a-wrong-one-of-the-authority", "identifier/root-with-a-wrong-one-above"],
  },
  {
    verdict: "refused",
    why: "OpenSSL applies constraints on DNS names to a common name that looks like a host name, if the certificate has no DNS name.",
    ids: ["scope/permitted-dns-and-an-address-dialled-with-the-common-name-outside"],
  },
  {
    verdict: "refused",
    why: "OpenSSL follows one path: it takes the first issuer that was sent and is within its time, and never tries the next. A server that sends one path is not affected.",
    ids: [
      ...graph("two-roots/back", AUTHORITY_FLAWS, ["stranger-a"]),
      "graph/two-roots/back/expired/none",
      ...graph("cross-signed/forth", AUTHORITY_FLAWS, ["c-b", "c-a", "a-c", "root-c"]),
      ...graph("cross-signed/forth", ["expired", "not-yet-valid"], ["root-c"]),
      ...graph("cross-signed/forth", ["expired"], ["c-b+root-a", "a-b+root-c", "c-a+root-a", "a-c+root-c"]),
      ...graph("cross-signed/back", AUTHORITY_FLAWS, ["a-b", "root-a"]),
      ...graph("cross-signed/back", ["expired"], ["c-a+root-a"]),
      "graph/bridge/forth/expired/none",
      ...graph("bridge/forth", ["expired", "out-of-scope", "no-authority"], ["y-bridge", "bridge-y", "bridge-z"]),
      ...graph("bridge/forth", ["out-of-scope", "no-authority"], ["x-bridge"]),
    ],
  },
  {
    verdict: "accepted",
    why: "OpenSSL compares an excluded name with the text of a wildcard, and not with what the wildcard stands for (CVE-2025-61727's shape). SECURITY.md says so.",
    ids: ["scope/excluded-dns-that-a-wildcard-covers"],
  },
  {
    verdict: "accepted",
    why: "Policies are not checked: no authority in use demands one of a server, and Node has no way to ask for it.",
    ids: ["extension/explicit-policy-demanded-and-absent"],
  },
  {
    verdict: "accepted",
    why: "The mailer has no list of public suffixes: no public authority signs such a wildcard, and a private one can name any host anyway.",
    ids: ["wildcard/for-a-public-suffix"],
  },
  {
    verdict: "accepted",
    why: "Only a matter of form, which OpenSSL checks only in its strict mode, and Node cannot turn that on. None of it makes another name, time or key pass.",
    ids: [
      "key-usage/leaf-with-agreement-only",
      "key-usage/leaf-with-encipherment-only",
      "key-usage/leaf-may-sign-certificates-though-it-is-none",
      "name/not-critical-without-a-subject",
      "scope/address-with-a-broken-mask",
      "scope/permitted-dns-with-a-leading-dot",
      "serial/twenty-one-octets",
      "serial/zero",
    ],
  },
  {
    verdict: "accepted",
    why: "A self-signed root that the caller trusts is an authority unless it says that it is not, as roots of version 1 were.",
    ids: ["root/basic-constraints-without-them"],
  },
];
