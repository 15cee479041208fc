/** Options that are whole numbers, 1 or more, each with its default. */
import { InputError } from "../errors/input-error.ts";
import { type OptionPlace, readOptions } from "./own-options.ts";

/** What a timer of Node can hold, in milliseconds. */
export const LONGEST_TIMER = 2_147_483_647;

/** The defaults with the caller's changes. `what`: what each has to be. Throws `InputError` for anything else. */
export function readWholeNumbers<T extends { readonly [name in keyof T]: number }>(
  changes: { readonly [name in keyof T]?: number | undefined } | undefined,
  defaults: T,
  { field, what, explain, instead }: Pick<OptionPlace, "field" | "explain" | "instead"> & { readonly what: string },
): T {
  const known = new Set(Object.keys(defaults));
  const place = { field, code: "MAIL_INPUT_OPTION", explain, instead } as const;
  const own = readOptions(changes === undefined ? {} : changes, known, place);
  const given = Object.entries<unknown>(own).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= LONGEST_TIMER) continue;
    throw new InputError("MAIL_INPUT_OPTION", `${field}.${name}`, what);
  }
  return { ...defaults, ...Object.fromEntries(given) };
}
