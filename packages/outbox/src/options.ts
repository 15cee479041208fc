/** Reads a caller's options: each once, only the object's own properties, and each of them understood. */
import { InputError, shown } from "@postseal/mailer";

/** Throws `InputError` for a property that is not known, or that the object only inherits. `field` is empty at the top. */
export function readOptions<T extends object>(given: T, known: readonly (keyof T & string)[], field: string): T {
  if (typeof given !== "object" || given === null || Symbol.iterator in given)
    throw refusal(field === "" ? "options" : field, "must be an object with options as its properties");
  // defence: outbox-options-of-its-own
  const own = withoutPrototype(given);
  const names = new Set<string>(known);
  for (const name of Object.keys(own))
    if (!names.has(name))
      throw refusal(within(field, name), `there is no such option; the options are ${known.join(", ")}`);
  for (const name of known)
    if (isInherited(given, name))
      throw refusal(within(field, name), "is inherited, and only an object's own properties are read: copy it");
  return own;
}

/** A copy of the own properties. What hostile JSON has put on `Object.prototype` is no option. */
export function withoutPrototype<T extends object>(given: T): T {
  return { __proto__: null, ...given };
}

/** The entries of a record of the caller's, such as accounts by their names. */
export function readRecord<T>(given: Readonly<Record<string, T>>, field: string): readonly (readonly [string, T])[] {
  if (typeof given !== "object" || given === null || Symbol.iterator in given)
    throw refusal(field, "must be an object with names as its properties");
  return Object.entries(given);
}

export function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_OPTION", field, why);
}

/** A word that names an account, a stream or a tag: it is printed, and stands in commands. */
export function readName(given: unknown, field: string): string {
  if (typeof given === "string" && /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/.test(given)) return given;
  throw refusal(
    field,
    "must be 1 to 64 letters, digits, dots, colons, hyphens or underscores, and begin with a letter or a digit",
  );
}

export function readDuration(given: unknown, field: string, least: number): number {
  if (typeof given === "number" && Number.isSafeInteger(given) && given >= least) return given;
  throw refusal(field, `must be a whole number of milliseconds, ${least} or more`);
}

export function readFlag(given: unknown, field: string): boolean {
  if (given === undefined) return false;
  if (typeof given === "boolean") return given;
  throw refusal(field, "must be true or false");
}

export function readChoice<const T extends string>(given: unknown, choices: readonly T[], field: string): T {
  const found = choices.find((one) => one === given);
  if (found === undefined) throw refusal(field, `must be ${choices.join(" or ")}`);
  return found;
}

/** Milliseconds since 1970. */
export function readTime(given: unknown, field: string): number {
  // A subclass may answer as it likes; the language's own method may not.
  const time = given instanceof Date ? Date.prototype.getTime.call(given) : Number.NaN;
  if (Number.isFinite(time) && time >= 0) return time;
  throw refusal(field, "must be a Date");
}

function within(field: string, name: string): string {
  return field === "" ? shown(name) : `${field}.${shown(name)}`;
}

function isInherited(given: object, name: string): boolean {
  if (Object.hasOwn(given, name)) return false;
  for (
    let above: unknown = Object.getPrototypeOf(given);
    typeof above === "object" && above !== null && Object.getPrototypeOf(above) !== null;
    above = Object.getPrototypeOf(above)
  )
    if (Object.hasOwn(above, name)) return true;
  return false;
}
