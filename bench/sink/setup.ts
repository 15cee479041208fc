/** What the sink is told at its start, and what it tells: the only things that its process and the bench share. */

export interface SinkSetup {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly transport: "starttls" | "implicit";
  readonly chunking: boolean;
  readonly mechanism: "PLAIN" | "SCRAM-SHA-256";
  /** For SCRAM, where the server has to know it. PLAIN takes any. */
  readonly password: string;
  /** Hold replies back until the client has been silent, and count the releases. Not for measuring speed. */
  readonly withholds: boolean;
}

export interface Tally {
  readonly messages: number;
  /** Of the messages' contents. */
  readonly octets: number;
  readonly connections: readonly ConnectionTally[];
  /** Seconds of CPU that the sink's process took since the tally began. */
  readonly cpu: number;
  /** Of the time since then, the share in which the sink waited for something to do. */
  readonly idle: number;
  /** `process.hrtime.bigint()`, which all processes of one machine share. */
  readonly lastAcceptedAt: bigint;
}

/** Counted only where the sink withholds its replies. */
export interface ConnectionTally {
  readonly messages: number;
  /** Before the first MAIL: greeting, EHLO, TLS, login. TCP's own is not among them. */
  readonly setUpRoundTrips: number;
  /** From the first MAIL to QUIT, or till now. */
  readonly roundTrips: number;
  /** Commands from the first MAIL on, QUIT left out. */
  readonly commands: number;
  /** TLS records from the client, in the same span. */
  readonly records: number;
}
