/** Option names that are not known are refused: a misspelt one that is dropped in silence leaves its author believing that it works. */
import { InputError } from "../errors/input-error.ts";

/** `better` may say more of a name than that it does not exist. */
export function refuseUnknown(
  given: object,
  known: readonly string[],
  field: string,
  better: (name: string) => string | undefined = () => undefined,
): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const where = field === "" ? name : `${field}.${name}`;
    const why = better(name) ?? `there is no such option; there are ${known.join(", ")}`;
    throw new InputError("MAIL_INPUT_OPTION", where, why);
  }
}
