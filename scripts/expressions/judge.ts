/**
 * Says how long a regular expression may take. recheck proves that with automata. It cannot do so for look-around, for which
 * it searches for slow texts instead; "searched" is therefore no proof.
 */
import { check } from "recheck";
import type { Expression } from "./find.ts";

export type Verdict = "linear" | "searched" | "polynomial" | "exponential" | "dynamic" | "unknown";

export async function judge({ source, flags, dynamic }: Omit<Expression, "file" | "line">): Promise<Verdict> {
  if (dynamic) return "dynamic";
  // No time limit: with one, the verdict could differ on a busy machine.
  const proved = await check(source, flags, { checker: "automaton", timeout: null });
  if (proved.status === "vulnerable") return proved.complexity.type;
  if (proved.status === "safe") return "linear";
  if (proved.error.kind !== "unsupported") return "unknown";
  const searched = await check(source, flags, { checker: "fuzz", timeout: null });
  if (searched.status === "vulnerable") return searched.complexity.type;
  return searched.status === "safe" ? "searched" : "unknown";
}
