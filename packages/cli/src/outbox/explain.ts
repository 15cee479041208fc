/** `postseal outbox explain`: why a message does not go, or what became of it. */
import type { Arguments } from "../arguments.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { withOutbox } from "./opening.ts";
import { outboxOptions, type PlaceOption } from "./options.ts";
import { existingOutbox } from "./outbox-file.ts";
import { idOf } from "./search.ts";
import { noSuchMessage } from "./show.ts";
import { reasonText, tellFacts } from "./telling.ts";

export const explain: Subcommand = subcommand({
  options: outboxOptions.explain,
  operand: { label: "ID", takes: "word" },
  run: explainMessage,
});

async function explainMessage(given: Arguments<PlaceOption>): Promise<number> {
  const id = idOf(given.words, "explain");
  const explanation = await withOutbox(await existingOutbox(given), {}, async (outbox) => {
    if ((await outbox.show(id)).length === 0) throw noSuchMessage();
    return outbox.explain(id);
  });
  if (given.has("json")) return tellFacts({ explanation });
  for (const line of explanation) output.line(reasonText(line));
  return exits.done.code;
}
