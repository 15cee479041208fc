/** What a client's process needs of a library: send `count` messages, at most `open` of them at once. */
export interface Driver {
  /** Resolves once all are accepted; rejects if one is not. */
  run(count: number, open: number): Promise<Usage | undefined>;
  close(): Promise<void>;
}

/** Reported by a driver whose work is done in a process of its own, which is not Node. */
export interface Usage {
  /** Seconds of CPU, for this run. */
  readonly cpu: number;
  /** The most memory so far, in octets. */
  readonly peak: number;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly transport: "starttls" | "implicit";
  /** The authority as PEM, and the path of a file with the same. */
  readonly ca: string;
  readonly caFile: string;
  readonly username: string;
  readonly password: string;
  /** Holds `peers.py`, and files that a client writes. It is removed at the end. */
  readonly folder: string;
}

export interface Habits {
  readonly connections: number;
  /** Transactions in flight on one connection, if the library can do that. */
  readonly window: number;
  /** Send octets that were composed before the measurement. */
  readonly isReady: boolean;
}

/** A driver for a library with one call for each message. */
export function driverOf(send: (index: number) => Promise<void>, close: () => Promise<void>): Driver {
  return { run: (count, open) => keepOpen(count, open, send), close };
}

/** Runs `open` callers, each of which awaits its own message before the next. */
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
