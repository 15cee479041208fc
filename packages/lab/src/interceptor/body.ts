/** Passes bodies on unchanged, and only counts their octets. */
import type { Leg } from "./leg.ts";

type Source = Pick<Leg, "some" | "unread">;
type Sink = Pick<Leg, "write">;

const END = "\r\n.\r\n";

/** Passes a body up to its final dot, or as far as it came if the client closes. Resolves with the number of octets before the dot's line. */
export async function passDotted(from: Source, to: Sink): Promise<number> {
  let passed = 0;
  // An empty body begins with its final dot: the line end before it is that of DATA.
  let tail = "\r\n";
  for (;;) {
    const chunk = await from.some();
    if (chunk === undefined) return passed;
    const seen = tail + chunk.toString("latin1");
    const at = seen.indexOf(END);
    const own = at === -1 ? chunk.length : at + END.length - tail.length;
    await to.write(chunk.subarray(0, own));
    passed += own;
    if (at !== -1) {
      from.unread(chunk.subarray(own));
      return passed - ".\r\n".length;
    }
    tail = seen.slice(1 - END.length);
  }
}

/** Passes at most `most` octets, by default everything up to the end of the connection. Resolves with how many there were. */
export async function passOctets(from: Source, to: Sink, most: number = Infinity): Promise<number> {
  let passed = 0;
  while (passed < most) {
    const chunk = await from.some(most - passed);
    if (chunk === undefined) break;
    await to.write(chunk);
    passed += chunk.length;
  }
  return passed;
}
