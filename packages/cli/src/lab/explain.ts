/** `postseal lab explain ID`: what a vector does, what a correct client does, and what the server will say. */
import { explainVector } from "@postseal/lab";
import type { Arguments } from "../arguments.ts";
import { widthOf, wrap } from "../terminal.ts";
import { HELD } from "./lab.ts";
import { vectorOf } from "./vector.ts";

export async function explain(given: Arguments, [id]: readonly string[]): Promise<number> {
  const sections = explainVector(vectorOf(id));
  if (given.has("json")) {
    process.stdout.write(`${JSON.stringify({ id, sections })}\n`);
    return HELD;
  }
  const width = widthOf(process.stdout);
  for (const { title, lines } of sections) {
    process.stdout.write(`${title}\n`);
    for (const line of lines) process.stdout.write(`  ${wrap(line, width === undefined ? width : width - 2, "  ")}\n`);
  }
  return HELD;
}
