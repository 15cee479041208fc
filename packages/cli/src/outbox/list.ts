/** `postseal outbox list`: the messages of the outbox, oldest first. */
import type { Arguments } from "../arguments.ts";
import { errors, output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { writeRows } from "../result/rows.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { withOutbox } from "./opening.ts";
import { type ListOption, outboxOptions } from "./options.ts";
import { existingOutbox } from "./outbox-file.ts";
import { pageOf, searchOf } from "./search.ts";
import { ID, messageRow, STATE_COLOURS, tellFacts } from "./telling.ts";

export const list: Subcommand = subcommand({ options: outboxOptions.list, run: listMessages });

async function listMessages(given: Arguments<ListOption>): Promise<number> {
  const page = pageOf(given);
  const search = { ...searchOf(given), ...page };
  const messages = await withOutbox(await existingOutbox(given), {}, (outbox) => outbox.list(search));
  if (given.has("json")) return tellFacts({ messages });
  writeRows(output, messages.map(messageRow), STATE_COLOURS, ID);
  if (messages.length === page.limit)
    errors.line(`There may be more: --after ${messages.at(-1)?.seq ?? 0} lists what follows.`);
  return exits.done.code;
}
