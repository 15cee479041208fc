/** Where the events of an outbox end now, and what happens from then on. */
import type { Outbox } from "@postseal/outbox";

/** The number of the last event; 0 if there is none. */
export async function lastEventOf(outbox: Outbox): Promise<number> {
  let beyond = 1;
  while (await isAfter(outbox, beyond)) beyond *= 2;
  let least = 0;
  while (least < beyond) {
    const middle = Math.floor((least + beyond) / 2);
    if (await isAfter(outbox, middle)) least = middle + 1;
    else beyond = middle;
  }
  return least;
}

async function isAfter(outbox: Outbox, after: number): Promise<boolean> {
  const { done } = await outbox.events({ after }).next();
  return done !== true;
}
