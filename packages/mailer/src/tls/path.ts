/**
 * Follows the path from the peer's certificate to a trusted root, by links that hold.
 *
 * Node reports a chain whose links agree only in name and key identifier. A peer can write those as it likes, and so lead the
 * chain to a root that vouches for nothing here. OpenSSL has verified a path already, but does not say which. This file finds
 * it by the same rules: a link holds if the issuer's key made the signature and the issuer is within its validity; trusted
 * certificates are tried before those that the peer sent.
 */
import type { X509Certificate } from "node:crypto";
import { isSelfSigned, isSignedBy } from "../policy/self-signed.ts";
import type { Authorities } from "./authorities.ts";

/** More than any real path has. Two authorities that vouch for each other would make an endless one. */
const MOST_LINKS = 16;

/** Leaf first. `undefined` if Node's report does not lead to a root: it does not pass on everything that the peer sent. */
export function verifiedPath(
  reported: readonly X509Certificate[],
  authorities: Authorities,
  now: number = Date.now(),
): readonly X509Certificate[] | undefined {
  const [leaf] = reported;
  if (leaf === undefined) return undefined;
  const path = [leaf];
  for (let last = leaf; path.length <= MOST_LINKS;) {
    if (isSelfSigned(last)) return authorities.originOf(last) === undefined ? undefined : path;
    const subject = last;
    // defence: trusted-before-sent
    const issuer = [...authorities.namedAsIssuerOf(subject), ...reported].find((one) => holds(subject, one, now));
    if (issuer === undefined) return undefined;
    path.push(issuer);
    last = issuer;
  }
  return undefined;
}

function holds(subject: X509Certificate, issuer: X509Certificate, now: number): boolean {
  const isInTime = issuer.validFromDate.getTime() <= now && now <= issuer.validToDate.getTime();
  // defence: path-by-signature-and-time
  return isInTime && subject.checkIssued(issuer) && isSignedBy(subject, issuer);
}
