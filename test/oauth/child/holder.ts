/** Holds the lock of a store until its parent says `finish`; then returns a change, and tells what is stored. Argument: the file. */
import { once } from "node:events";
import { fileStore } from "@postseal/oauth";

const [, , file = ""] = process.argv;
const kept = await fileStore(file).update(async (now) => {
  if (now === undefined) throw new TypeError("nothing is stored");
  process.send?.("held");
  await once(process, "message");
  return { ...now, clientId: "older" };
});
process.send?.(kept.clientId);
