/**
 * What a message was promised when it was queued. Keys, pins and authorities may change before it is sent; what they amount to may
 * not become less. A floor holds no secret.
 */

export interface Floor {
  /** The server's name, as the certificate has to prove it. */
  readonly server?: string | undefined;
  readonly minVersion?: "TLSv1.2" | "TLSv1.3" | undefined;
  readonly postQuantum?: "prefer" | "require" | undefined;
  /** Whether the peer's key has to be one of some pins, whichever they are by then. */
  readonly pinned?: boolean | undefined;
  /** Whether only authorities that the account names count, without the public ones. */
  readonly ownAuthorities?: boolean | undefined;
}

/** What of the floor the account does not keep, in words for a person; `undefined` if it keeps all. */
export function weakerThan(floor: Floor, account: Floor): string | undefined {
  if (floor.server !== undefined && floor.server !== account.server)
    return `it was queued for ${floor.server}, and the account now names ${account.server ?? "no server"}`;
  if (floor.minVersion === "TLSv1.3" && account.minVersion !== "TLSv1.3")
    return "it was queued with TLS 1.3 as the least, and the account now takes TLS 1.2";
  if (floor.postQuantum === "require" && account.postQuantum !== "require")
    return "it was queued with a post-quantum key exchange required, and the account no longer requires one";
  if (floor.pinned === true && account.pinned !== true)
    return "it was queued with a pinned key, and the account no longer pins one";
  if (floor.ownAuthorities === true && account.ownAuthorities !== true)
    return "it was queued with authorities of its own alone, and the account now trusts the public ones";
  return undefined;
}

/**
 * The stricter of both in each point. If both name a server it is the second one's, the caller's: an account with another server does
 * not send the message.
 */
export function strictest(one: Floor, other: Floor): Floor {
  return {
    server: other.server ?? one.server,
    minVersion: [one, other].some((floor) => floor.minVersion === "TLSv1.3") ? "TLSv1.3" : undefined,
    postQuantum: [one, other].some((floor) => floor.postQuantum === "require") ? "require" : undefined,
    pinned: one.pinned === true || other.pinned === true ? true : undefined,
    ownAuthorities: one.ownAuthorities === true || other.ownAuthorities === true ? true : undefined,
  };
}
