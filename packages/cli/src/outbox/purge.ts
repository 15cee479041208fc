/** `postseal outbox purge`: forgets messages that have ended. */
import type { Arguments } from "../arguments.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { spanOf } from "./moment.ts";
import { withOutbox } from "./opening.ts";
import { outboxOptions, type PurgeOption } from "./options.ts";
import { existingOutbox } from "./outbox-file.ts";
import { tellFacts } from "./telling.ts";

export const purge: Subcommand = subcommand({ options: outboxOptions.purge, run: purgeMessages });

async function purgeMessages(given: Arguments<PurgeOption>): Promise<number> {
  const recipient = given.one("recipient");
  given.oneOf("older-than", "recipient");
  const span = given.one("older-than");
  const before = span === undefined ? undefined : new Date(Date.now() - spanOf(span, "older-than"));
  const purged = await withOutbox(await existingOutbox(given), {}, (outbox) => outbox.purge({ before, recipient }));
  if (given.has("json")) return tellFacts({ purged });
  output.line(`forgotten: ${purged === 1 ? "1 message" : `${purged} messages`}`);
  return exits.done.code;
}
