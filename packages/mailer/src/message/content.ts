/** The octets of one message as they go over the wire, before dot-stuffing: what the composer makes and a transaction sends. */

export interface Content {
  /** Octets, where they are known before reading. With CRLF line ends, before dot-stuffing. */
  readonly size: number | undefined;
  /** The whole message, where it is in memory. */
  readonly bytes: Uint8Array | undefined;
  /** Whether it has octets over 127; `undefined` where only reading will tell. */
  readonly eightBit: boolean | undefined;
  /** Whether `open` may be called again, so that what is proved unsent can be sent again. */
  readonly replayable: boolean;
  /**
   * Reads the message. It yields whole chunks of any size and ends with CRLF.
   * A body that turns out bad throws `InputError` in flight: the transaction is aborted and its fate is `unsent`.
   */
  open(limits: ContentLimits): AsyncIterable<Uint8Array>;
}

export interface ContentLimits {
  /** False where the server lacks 8BITMIME: then an octet over 127 throws. */
  readonly eightBit: boolean;
  readonly signal?: AbortSignal | undefined;
}
