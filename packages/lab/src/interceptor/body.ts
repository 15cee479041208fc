/** Bodies on their way: passed on as they are, and only counted. */
import type { Leg } from "./leg.ts";

type Source = Pick<Leg, "some" | "unread">;
type Sink = Pick<Leg, "write">;

const END = "\r\n.\r\n";

/** Up to the final dot; where the client is gone, as far as it came. Resolves with the octets before the dot's line. */
export async function passDotted(from: Source, to: Sink): Promise<number> {
  let passed = 0;
  // A body may be empty: the line end that its dot needs is that of DATA.
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

/** So many octets, or everything up to the end of the connection. Resolves with how many there were. */
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
