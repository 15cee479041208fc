/** Reads standard input to its end, before connecting, so that all of it is judged first. */
import { addAbortSignal, type Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

export interface Input {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly signal: AbortSignal;
  /** For the person at the terminal. */
  readonly say: (line: string) => void;
}

/** Throws the signal's reason. */
export async function readInput({ stdin, signal, say }: Input): Promise<Uint8Array> {
  if (stdin.isTTY === true) say("Type the message. Ctrl-D at the beginning of a line ends it.");
  try {
    return await buffer(addAbortSignal(signal, stdin));
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
