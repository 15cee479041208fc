/** `postseal lab explain ID`: what a vector does, what a correct client does, and what the server will say. */
import { explainVector } from "@postseal/lab";
import type { Arguments } from "../arguments.ts";
import { output } from "../output.ts";
import { HELD } from "./lab.ts";
import { vectorOf } from "./vector.ts";

export async function explain(given: Arguments, [id]: readonly string[]): Promise<number> {
  const sections = explainVector(vectorOf(id));
  if (given.has("json")) {
    output.json({ id, sections });
    return HELD;
  }
  for (const { title, lines } of sections) {
    output.line(title);
    for (const line of lines) output.line(`  ${line}`);
  }
  return HELD;
}
