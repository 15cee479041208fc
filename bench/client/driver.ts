/** What a client's process needs of a library: send so and so many messages, so and so many of them at once. */
export interface Driver {
  /** Resolves once all are accepted; rejects if one is not. */
  run(count: number, open: number): Promise<Usage | undefined>;
  close(): Promise<void>;
}

/** Where the work is done by a process that is not Node's, it says itself what it took. */
export interface Usage {
  /** Seconds of CPU, for this run. */
  readonly cpu: number;
  /** Octets, the most so far. */
  readonly peak: number;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly transport: "starttls" | "implicit";
  /** The authority, as PEM and as a file of the same. */
  readonly ca: string;
  readonly caFile: string;
  readonly username: string;
  readonly password: string;
  /** Where `peers.py` is, and files of a client's own may be. It is removed afterwards. */
  readonly folder: string;
}

export interface Habits {
  readonly connections: number;
  /** Transactions in flight on one connection, where the library knows such a thing. */
  readonly window: number;
  /** Send octets that were composed beforehand. */
  readonly isReady: boolean;
}

/** A driver for a library with one call a message. */
export function driverOf(send: (index: number) => Promise<void>, close: () => Promise<void>): Driver {
  return { run: (count, open) => keepOpen(count, open, send), close };
}

/** As many callers as `open`, each of which awaits its own message before the next. */
async function keepOpen(count: number, open: number, send: (index: number) => Promise<void>): Promise<undefined> {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await send(next);
    }
  };
  await Promise.all(Array.from({ length: Math.min(open, count) }, caller));
}
