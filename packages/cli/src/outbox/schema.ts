/** `postseal outbox schema`: prints the tables as SQL, for people who make them themselves. */
import { schema as tables } from "@postseal/outbox";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { outboxOptions } from "./options.ts";
import { tellFacts } from "./telling.ts";

export const schema: Subcommand = subcommand({
  options: outboxOptions.schema,
  run: async (given) => {
    if (given.has("json")) return tellFacts({ sql: tables });
    output.page(`${tables.trimEnd()}\n`);
    return exits.done.code;
  },
});
