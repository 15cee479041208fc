/** `postseal lab list`: lists every vector, one per line. */
import { vectors } from "@postseal/lab";
import type { Arguments } from "../arguments.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { type ListOption, labOptions } from "./options.ts";
import { patternOf } from "./pattern.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";

/** What a vector says of itself; the rest is its script. */
const FACTS = ["id", "title", "attack", "duty", "sources", "severity", "transport", "demand", "expected"];

export const list: Subcommand = subcommand({
  options: labOptions.list,
  run: listVectors,
});

function factsOf(vector: (typeof vectors)[number]): object {
  return Object.fromEntries(FACTS.map((name): [string, unknown] => [name, Reflect.get(vector, name)]));
}

async function listVectors(given: Arguments<ListOption>): Promise<number> {
  const pattern = patternOf(given.one("vector"));
  const chosen = vectors.filter(({ id }) => pattern.test(id));
  if (given.has("json")) {
    output.json({ ok: true, exitCode: exits.done.code, vectors: chosen.map(factsOf) });
    return exits.done.code;
  }
  const longest = Math.max(0, ...chosen.map(({ id }) => id.length));
  for (const { id, transport, severity, title, demand } of chosen) {
    const asked = demand === undefined ? "" : ` (only with --${demand === "post-quantum" ? demand : "strict"})`;
    output.line(`${id.padEnd(longest)}  ${transport.padEnd(8)}  ${severity.padEnd(8)}  ${title}${asked}`, {
      isWrapped: false,
    });
  }
  return exits.done.code;
}
