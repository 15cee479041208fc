/** `postseal outbox export`: prints a message as it will be sent. */
import { OutboxError } from "@postseal/outbox";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { withOutbox } from "./opening.ts";
import { outboxOptions, type PlaceOption } from "./options.ts";
import { existingOutbox } from "./outbox-file.ts";
import { idOf } from "./search.ts";
import { noSuchMessage } from "./show.ts";
import { tellFacts } from "./telling.ts";

export const exportMessage: Subcommand = subcommand({
  options: outboxOptions.export,
  operand: { label: "ID", takes: "word" },
  run: print,
});

async function print(given: Arguments<PlaceOption>): Promise<number> {
  const id = idOf(given.words, "export");
  const octets = await withOutbox(await existingOutbox(given), {}, async (outbox) => {
    if ((await outbox.show(id)).length === 0) throw noSuchMessage();
    return outbox.octets(id).catch((error: unknown) => {
      throw error instanceof OutboxError && error.code === "OUTBOX_BODY_GONE" ? gone(error) : error;
    });
  });
  if (given.has("json")) return tellFacts({ octets: Buffer.from(octets).toString("base64") });
  output.octets(octets);
  return exits.done.code;
}

function gone(cause: OutboxError): CommandError {
  return new CommandError(
    "OUTBOX_BODY_GONE",
    "the octets of this message are gone: they are deleted when a message ends",
    cause,
  );
}
