/** The GS2 header (RFC 5801 section 4) that SCRAM and OAUTHBEARER begin with. */

/**
 * What the client says about channel binding (RFC 5802 section 6).
 * - `n`: it cannot bind, or the caller chose a mechanism without channel binding.
 * - `y`: it can bind, but saw no -PLUS in the list. A server that did offer -PLUS now knows that its list was altered on the way.
 * - `p`: it binds to this TLS session, by the 32 octets of the exporter (RFC 9266).
 */
export type ChannelBinding =
  | { readonly flag: "n" }
  | { readonly flag: "y" }
  | { readonly flag: "p"; readonly exporter: Uint8Array };

export function formatGs2Header(flag: ChannelBinding["flag"], authorizationId: string | undefined): string {
  const identity = authorizationId ? `a=${escapeName(authorizationId)}` : "";
  return `${flag === "p" ? "p=tls-exporter" : flag},${identity},`;
}

/** A name as a `saslname` (RFC 5802 section 7): a comma in it would begin another attribute. */
export function escapeName(name: string): string {
  return name.replaceAll("=", "=3D").replaceAll(",", "=2C");
}
