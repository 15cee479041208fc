/**
 * The path from the peer's certificate up to a trusted root, followed by links that hold.
 *
 * Node reports a chain whose links agree by name and key identifier alone, and a peer can write those as it likes: it
 * could lead that chain to a root that vouches for nothing here. OpenSSL has verified some path already, and says which
 * to nobody. This one is found by the same rules: a link holds if the issuer's key has made the signature and its time
 * has come and is not over; trusted certificates are tried before those that the peer sent.
 */
import type { X509Certificate } from "node:crypto";
import { isSelfSigned, isSignedBy } from "../policy/self-signed.ts";
import type { Authorities } from "./authorities.ts";

/** More than any authority has; two that vouch for each other would never end. */
const MOST_LINKS = 16;

/** Leaf first. `undefined` if none can be told from what Node reports: it does not pass on all that the peer sent. */
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
