/** Puts the result of a subcommand into one JSON object, for programs: result.schema.json has its shape. */
import { exitCodeOf } from "./exit-code.ts";
import { exits } from "./exits.ts";
import { inOwnWords, type OwnWords, sendWords } from "./own-words.ts";
import type { Result } from "./result.ts";

/** `{ ok, exitCode, receipt?, verification?, queued?, error? }` */
export function jsonOf(result: Result, exitCode: number = exitCodeOf(result), words: OwnWords = sendWords): object {
  const { kind: _, ...facts } =
    result.kind === "failed" ? { ...result, words: undefined, error: factsOf(result.error, words) } : result;
  return { ok: exitCode === exits.done.code, exitCode, ...facts };
}

/** The public fields of the library's errors. Never `cause` or `stack`, which are for debugging. */
const FIELDS = [
  "code",
  "disposition",
  "field",
  "phase",
  "reason",
  "keyword",
  "mechanism",
  "replyCode",
  "reply",
  "evidence",
];

function factsOf(error: unknown, words: OwnWords): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { code: "CLI_INTERNAL", message: String(error) };
  const facts = FIELDS.map((name): [string, unknown] => [name, Reflect.get(error, name)]);
  return {
    code: "CLI_INTERNAL",
    message: inOwnWords(error, words),
    ...Object.fromEntries(facts.filter(([, fact]) => fact !== undefined)),
  };
}
