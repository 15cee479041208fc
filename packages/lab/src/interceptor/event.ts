/** What the interceptor reports while it happens. No event holds a secret of the account: its octets are only counted. */
import type { ChannelName } from "../verdict/transcript.ts";
import type { Outcome } from "../verdict/outcome.ts";

/** Connections count from 0. */
export type InterceptorEvent = Happening & { readonly connection: number };

export type Happening =
  /** `from`: the client's address and port. */
  | { readonly kind: "opened"; readonly from: string }
  | Said
  /** The attack, or another part of it, was made. */
  | { readonly kind: "attack"; readonly text: string }
  /** TLS was agreed on. Between client and server it passes unread, so its version and suite are not known. */
  | {
      readonly kind: "tls";
      readonly between: "client and proxy" | "proxy and server" | "client and server";
      readonly protocol?: string;
      readonly cipherSuite?: string;
    }
  | Finding
  /** The last event of a connection. `evidence`: the reason for the outcome. */
  | { readonly kind: "closed"; readonly outcome: ProxyOutcome; readonly evidence: string; readonly duty: string };

export interface Said {
  readonly kind: "said";
  readonly by: "client" | "server" | "proxy";
  readonly to: "client" | "server";
  readonly channel: ChannelName;
  /** One command or reply, as latin1, line ends included. */
  readonly text: string;
}

export interface Finding {
  readonly kind: "finding";
  readonly outcome: Leak;
  readonly evidence: string;
  /** What a correct client would have done. */
  readonly duty: string;
}

export type Leak = Extract<Outcome, "leaked-credentials" | "leaked-message" | "leaked-envelope">;

/**
 * `sealed`: TLS passed between client and server, unread. `inconclusive`: the connection ended before the client had shown
 * anything, or the proxy could not do its part, because the server was absent or did not prove who it is.
 */
export type ProxyOutcome = Leak | Extract<Outcome, "held"> | "sealed" | "inconclusive";
