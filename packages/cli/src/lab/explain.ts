/** `postseal lab explain ID`: explains what a vector does, what a correct client does, and what the server will say. */
import { explainVector } from "@postseal/lab";
import type { Arguments } from "../arguments.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { vectorOf } from "./vector.ts";
import { type ExplainOption, labOptions } from "./options.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";

export const explain: Subcommand = subcommand({
  options: labOptions.explain,
  operand: { label: "ID", takes: "word", completes: "vector" },
  run: explainTo,
});

async function explainTo(given: Arguments<ExplainOption>): Promise<number> {
  const [id] = given.words;
  const sections = explainVector(vectorOf(id));
  if (given.has("json")) {
    output.json({ ok: true, exitCode: exits.done.code, id, sections });
    return exits.done.code;
  }
  for (const { title, lines } of sections) {
    output.line(title);
    for (const line of lines) output.line(`  ${line}`);
  }
  return exits.done.code;
}
