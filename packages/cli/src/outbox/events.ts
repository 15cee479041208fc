/** `postseal outbox events`: what happened, oldest first. */
import type { Outbox, OutboxEvent } from "@postseal/outbox";
import type { Arguments } from "../arguments.ts";
import { interruptible } from "../interruption.ts";
import { errors, output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { withOutbox } from "./opening.ts";
import { type EventsOption, outboxOptions } from "./options.ts";
import { existingOutbox } from "./outbox-file.ts";
import { pageOf } from "./search.ts";
import { dated, eventLine, tellFacts } from "./telling.ts";

export const events: Subcommand = subcommand({ options: outboxOptions.events, run: listEvents });

async function listEvents(given: Arguments<EventsOption>): Promise<number> {
  given.oneOf("follow", "limit");
  const { after, limit } = pageOf(given);
  const asJson = given.has("json");
  return withOutbox(await existingOutbox(given), {}, async (outbox) => {
    if (given.has("follow")) return follow(outbox, after, asJson);
    const found: OutboxEvent[] = [];
    for await (const event of outbox.events({ after })) {
      if (found.push(event) === limit) break;
    }
    if (asJson) return tellFacts({ events: found });
    for (const event of found) output.line(eventLine(event));
    if (found.length === limit) errors.line(`There may be more: --after ${found.at(-1)?.seq ?? 0} lists what follows.`);
    return exits.done.code;
  });
}

/** Until a signal. */
async function follow(outbox: Outbox, after: number | undefined, asJson: boolean): Promise<number> {
  const { signal, release } = interruptible();
  try {
    const from = after ?? (await outbox.stats()).lastEvent;
    for await (const event of outbox.events({ after: from, follow: true, signal })) {
      if (asJson) output.json(dated(event));
      else output.line(eventLine(event));
    }
    return exits.done.code;
  } finally {
    release();
  }
}
