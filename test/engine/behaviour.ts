/** How the server in memory behaves: honest, or with what faults; and what it then did that no client can tell. */

/** What it does instead of an honest answer to one command, or to one message. */
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
  /** Does what was asked, and is gone before it says so. */
  | "done and gone"
  /** A refusal, and with it in one write the end: too many errors. */
  | "550 and 421"
  /** The honest answer twice: in one write, or the second a turn later. */
  | "twice"
  | "twice, later"
  /** Does what was asked, says nothing, and goes on. */
  | "left out"
  /** 421, and it goes on; somebody on the path ends the connection there, in order or by RST: nothing it says is heard any more. */
  | "421, then cut"
  | "421, then cut by reset"
  /** Refuses a chunk and does not read it: its lines are commands then. */
  | "500 unread"
  | "502 unread"
  | "503 unread"
  | "554 unread"
  /** The honest answer, and in the same write one more that answers nothing. It goes on. */
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
 * What a server can do so that no client could tell: what it then says of a message may be wrong. SECURITY.md and
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
  /** How it writes: a reply or an octet at a time, all of one tick at once, or a reply a turn, so that each is read alone. Left out: replies. */
  readonly delivery?: "replies" | "octets" | "ticks" | "turns";
  readonly capabilities: readonly string[];
  /** Offered in the clear, beside STARTTLS. */
  readonly clear?: readonly string[];
  /** Instead of 220, or of the connection. */
  readonly greeting?: "421" | "554" | "silence" | "close" | "nobody there" | undefined;
  /** `count`: how often the moment has come on this connection, from 1. */
  readonly fault?: ((moment: Moment, count: number, argument: string) => Fault | undefined) | undefined;
  /** Answers 503 to what lies behind a final dot already when the dot is read. */
  readonly refusesBehindDot?: boolean;
  readonly cut?: Cut | undefined;
}

/** Ends the connection after so many octets, TLS's own left out. */
export interface Cut {
  readonly after: number;
  readonly of: "client" | "server";
  /** Counted from the first MAIL that names this sender; left out, from the beginning. */
  readonly from?: string;
  /** Left out: by FIN, when what was said is out. `garbage`: octets that are no TLS record. */
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
