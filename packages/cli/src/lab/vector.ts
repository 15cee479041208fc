/** Finds a vector by the id that somebody typed. */
import { type Vector, vectors } from "@postseal/lab";
import { CommandError } from "../command-error.ts";
import { nearest } from "@postseal/mailer/nearest";

/** Throws `CommandError` (`CLI_USAGE`). */
export function vectorOf(id: string | undefined): Vector {
  if (id === undefined)
    throw new CommandError("CLI_USAGE", "the id of a vector is missing: postseal lab list shows them all");
  const found = vectors.find((vector) => vector.id.toLowerCase() === id.toLowerCase());
  if (found !== undefined) return found;
  const close = nearest(
    id,
    vectors.map((vector) => vector.id),
  );
  const advice = close === undefined ? "postseal lab list shows them all" : `did you mean ${close}?`;
  throw new CommandError("CLI_USAGE", `there is no such vector; ${advice}`);
}
