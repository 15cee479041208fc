/** Reports an error of an outbox subcommand in its own words. Returns the exit code. */
import { outboxWords } from "../result/own-words.ts";
import { tell } from "../result/tell.ts";

export function fail(error: unknown, asJson: boolean): number {
  return tell({ kind: "failed", error }, asJson, outboxWords);
}
