/** What a run of the lab comes to, as the name of an exit. */
import { isFailure, type Report } from "@postseal/lab";

/** A trial without a result proves nothing, as one that failed. A client that hung gave nothing away. */
export function conclusionOf({ clients, unfinished }: Report): "done" | "found" | "hung" {
  const failures = clients.flatMap(({ runs }) => runs.map(({ outcome }) => outcome)).filter(isFailure);
  if (unfinished !== undefined || failures.some((outcome) => outcome !== "hang")) return "found";
  return failures.length === 0 ? "done" : "hung";
}
