/** What the interceptor tells while it happens. No event holds a secret of the account: the octets are counted instead. */
import type { ChannelName } from "../verdict/transcript.ts";
import type { Outcome } from "../verdict/outcome.ts";

/** Connections count from 0. */
export type InterceptorEvent = Happening & { readonly connection: number };

export type Happening =
  /** `from`: the client's address and port. */
  | { readonly kind: "opened"; readonly from: string }
  | Said
  /** The attack has been made, or a further part of it. */
  | { readonly kind: "attack"; readonly text: string }
  /** Who has agreed on TLS. Between client and server it passes unread, and nobody here knows what it is. */
  | {
      readonly kind: "tls";
      readonly between: "client and proxy" | "proxy and server" | "client and server";
      readonly protocol?: string;
      readonly cipherSuite?: string;
    }
  | Finding
  /** The last of a connection. `evidence`: why it is this outcome. */
  | { readonly kind: "closed"; readonly outcome: ProxyOutcome; readonly evidence: string; readonly duty: string };

export interface Said {
  readonly kind: "said";
  readonly by: "client" | "server" | "proxy";
  readonly to: "client" | "server";
  readonly channel: ChannelName;
  /** As latin1, line ends included, a command or a reply at a time. */
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
 * `sealed`: TLS passed between client and server, unread. `inconclusive`: it was over before the client had shown
 * anything, or the proxy could not do its part, since the server is not there or has not proved who it is.
 */
export type ProxyOutcome = Leak | Extract<Outcome, "held"> | "sealed" | "inconclusive";
