/** Ends a stream in order: what is written goes out, then it closes. */
import type { Duplex } from "node:stream";

/** How long a peer may take to answer our end with its own, in milliseconds. */
const LONGEST_CLOSE = 1_000;

/** Resolves when the stream is closed: by the peer, or after a second. */
export function closeStream(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    // Some streams never emit `close`.
    const timer = setTimeout(() => {
      stream.destroy();
      resolve();
    }, LONGEST_CLOSE);
    stream.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
    stream.end();
  });
}
