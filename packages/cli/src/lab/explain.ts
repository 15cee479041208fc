/** `postseal lab explain ID`: what a vector does, what a correct client does, and what the server will say. */
import { explainVector } from "@postseal/lab";
import type { Arguments } from "../arguments.ts";
import { widthOf, wrap } from "../terminal.ts";
import { HELD } from "./lab.ts";
import { vectorOf } from "./vector.ts";

export async function explain(_given: Arguments, [id]: readonly string[]): Promise<number> {
  for (const { title, lines } of explainVector(vectorOf(id))) {
    process.stdout.write(`${title}\n`);
    for (const line of lines) process.stdout.write(`  ${wrap(line, widthOf(process.stdout), "  ")}\n`);
  }
  return HELD;
}
