/** The sink's configuration and its tally: all that its process and the bench share. */

export interface SinkSetup {
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  readonly transport: "starttls" | "implicit";
  readonly chunking: boolean;
  readonly mechanism: "PLAIN" | "SCRAM-SHA-256";
  /** For SCRAM, whose server has to know it. PLAIN takes any password. */
  readonly password: string;
  /** Holds replies back until the client is silent, and counts the releases. Not for measuring speed. */
  readonly withholds: boolean;
}

export interface Tally {
  readonly messages: number;
  /** Octets of the messages' contents. */
  readonly octets: number;
  readonly connections: readonly ConnectionTally[];
  /** Seconds of CPU that the sink's process took since the tally began. */
  readonly cpu: number;
  /** The share of the time since then that the sink waited for something to do. */
  readonly idle: number;
  /** `process.hrtime.bigint()`, which all processes of one machine share. */
  readonly lastAcceptedAt: bigint;
}

/** Counted only if the sink withholds its replies. */
export interface ConnectionTally {
  readonly messages: number;
  /** Before the first MAIL: greeting, EHLO, TLS, login. TCP's own is not counted. */
  readonly setUpRoundTrips: number;
  /** From the first MAIL to QUIT, or until now. */
  readonly roundTrips: number;
  /** Commands from the first MAIL on, without QUIT. */
  readonly commands: number;
  /** TLS records from the client during those commands. */
  readonly records: number;
}
