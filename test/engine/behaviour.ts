/** How the server in memory behaves: honestly, or with given faults. Also what it did then that no client can notice. */

/** What the server does instead of an honest answer to one command or message. */
export type Fault =
  | "550"
  | "451"
  | "421"
  | "421 and close"
  | "close"
  | "reset"
  | "garbage"
  | "two replies"
  | "354"
  | "250"
  | "235"
  | "552"
  | "silence"
  /** Does what was asked, and closes before it says so. */
  | "done and gone"
  /** A refusal and the closing 421 in one write, as for too many errors. */
  | "550 and 421"
  /** The honest answer twice: in one write, or the second a turn later. */
  | "twice"
  | "twice, later"
  /** Does what was asked, says nothing, and goes on. */
  | "left out"
  /** 421, and it goes on, but an attacker on the path ends the connection, by FIN or by RST: the client hears nothing more. */
  | "421, then cut"
  | "421, then cut by reset"
  /** Refuses a chunk without reading it, and takes its lines for commands. */
  | "500 unread"
  | "502 unread"
  | "503 unread"
  | "554 unread"
  /** The honest answer, and in the same write another that answers nothing; then it goes on. */
  | "421 too"
  | "250 too"
  | "354 too"
  | "garbage too";

export type Moment =
  | "greeting"
  | "EHLO"
  | "STARTTLS"
  | "AUTH"
  | "MAIL"
  | "RCPT"
  | "DATA"
  | "BDAT"
  | "RSET"
  | "final"
  | "QUIT";

/**
 * What a server can do that no client could notice: its word about a message may then be wrong. SECURITY.md and
 * docs/security/attacks.md have a sentence for each.
 */
export type Excuse =
  | "said one reply too many in the middle of what was written ahead"
  | "left a reply out"
  | "said 421 to MAIL or RSET, and went on"
  | "said 250 for what it did not do";

export interface Behaviour {
  /** Whether replies have enhanced status codes (RFC 2034), as most servers' have. */
  readonly enhanced?: boolean;
  /** How it writes: a reply or an octet at a time, all of one tick at once, or a reply a turn, so that each is read alone. Default: replies. */
  readonly delivery?: "replies" | "octets" | "ticks" | "turns";
  readonly capabilities: readonly string[];
  /** Offered in the clear, beside STARTTLS. */
  readonly clear?: readonly string[];
  /** Instead of 220; `nobody there` refuses the connection. */
  readonly greeting?: "421" | "554" | "silence" | "close" | "nobody there" | undefined;
  /** `count`: how often this moment has come on this connection, from 1. */
  readonly fault?: ((moment: Moment, count: number, argument: string) => Fault | undefined) | undefined;
  /** Answers 503 to what has already come after a final dot when the dot is read. */
  readonly refusesAfterDot?: boolean;
  readonly cut?: Cut | undefined;
}

/** Ends the connection after that many octets, not counting TLS's own. */
export interface Cut {
  readonly after: number;
  readonly of: "client" | "server";
  /** Counted from the first MAIL of this sender. Default: from the beginning. */
  readonly from?: string;
  /** Default: by FIN, once everything said is out. `garbage`: octets that are no TLS record. */
  readonly by?: "close" | "reset" | "garbage";
}

/** A message that the server took responsibility for. */
export interface Taken {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly body: string;
  /** By `performance.now()`. */
  readonly at: number;
}
