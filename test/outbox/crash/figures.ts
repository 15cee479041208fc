/** What became of the messages: what the outbox says of each recipient, compared with how often a server took the message. */
import type { Outbox } from "@postseal/outbox";
import type { CountingServer } from "./server.ts";

/** Except for kills and messages, of recipients. */
export interface Figures {
  kills: number;
  messages: number;
  recipients: number;
  /** The outbox says that it was accepted, and the server did not take it. */
  lost: number;
  /** Taken more than once, although nobody said that it may be. */
  doubled: number;
  /** Accepted in an attempt that was written down, and sent to again. */
  repeated: number;
  /** Taken more than once, by `redeliver`. */
  redelivered: number;
  /** Neither accepted nor in doubt at the end. */
  left: number;
  unknown: number;
  /** Of those in doubt, how many the server took. */
  unknownTaken: number;
}

export function noFigures(): Figures {
  return {
    kills: 0,
    messages: 0,
    recipients: 0,
    lost: 0,
    doubled: 0,
    repeated: 0,
    redelivered: 0,
    left: 0,
    unknown: 0,
    unknownTaken: 0,
  };
}

/** Adds up all but kills and messages. `accepted`: Message-IDs and recipients of attempts that were written down before. */
export async function compare(
  outbox: Outbox,
  server: CountingServer,
  accepted: ReadonlySet<string>,
  figures: Figures,
): Promise<void> {
  const { states } = await outbox.stats();
  const all = await outbox.list({ limit: figures.messages });
  if (all.length !== figures.messages)
    throw new Error(`${all.length} of ${figures.messages} messages are in the outbox`);
  for (const { state, messageId = "", tags, recipients } of all)
    for (const { address, outcome } of recipients) {
      figures.recipients += 1;
      const times = server.times(messageId, address);
      if (outcome === "accepted" && times === 0) figures.lost += 1;
      if (times > 1 && accepted.has(`${messageId} ${address}`)) figures.repeated += 1;
      else if (times > 1) figures[tags.includes("again") ? "redelivered" : "doubled"] += 1;
      if (state === "held" && outcome === "unknown") {
        figures.unknown += 1;
        if (times > 0) figures.unknownTaken += 1;
      } else if (outcome !== "accepted") figures.left += 1;
    }
  if (states.leased + states.marked > 0) throw new Error("a dead worker still has messages");
}
