/** A server's side of a dialogue in lines. */
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";

export interface Conversation {
  /** What the client says, line by line, until it hangs up. */
  readonly heard: AsyncIterable<string>;
  /** The next line; rejects when the client hangs up instead. */
  readonly hear: () => Promise<string>;
  readonly say: (...lines: readonly string[]) => void;
  /** Leaves the stream to somebody else, as STARTTLS does. */
  readonly stop: () => void;
}

export function conversationOn(stream: Duplex): Conversation {
  const reader = createInterface({ input: stream });
  const lines = reader[Symbol.asyncIterator]();
  return {
    // Without a `return`, so that a loop may be left and the rest be heard elsewhere.
    heard: { [Symbol.asyncIterator]: () => ({ next: () => lines.next() }) },
    async hear() {
      const { done, value } = await lines.next();
      if (done === true) throw new Error("the client hung up");
      return value;
    },
    say: (...said) => void stream.write(said.map((line) => `${line}\r\n`).join("")),
    stop() {
      reader.close();
      stream.removeAllListeners("data");
    },
  };
}
