/** Reads a caller's options as the mailer reads its own, and judges their values. */
import { InputError, shown } from "@postseal/mailer";
import { kindOf, LONGEST_TIMER, parseMailbox, readOptions as readOwn } from "@postseal/mailer/internal";

/** Throws `InputError` for a property that is not known, or that the object only inherits. `field` is empty at the top. */
export function readOptions<T extends object>(given: T, known: readonly (keyof T & string)[], field: string): T {
  return readOwn(given, new Set(known), { field, code: "MAIL_INPUT_OPTION" });
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

/** A word that names an account, a stream or a tag: it is printed, and stands in commands. Many name an account by its address. */
export function readName(given: unknown, field: string): string {
  if (typeof given === "string" && /^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,63}$/.test(given)) return given;
  throw refusal(
    field,
    `must be 1 to 64 letters, digits and . : @ + - _, and begin with a letter or a digit; this is ${typeof given === "string" ? `"${shown(given)}"` : kindOf(given)}`,
  );
}

/** The last moment that a `Date` can be; later ones can be neither printed nor, in the end, read. */
export const LATEST = 8.64e15;

export function readDuration(given: unknown, field: string, least: number): number {
  if (typeof given === "number" && Number.isSafeInteger(given) && given >= least) return given;
  throw refusal(field, `must be a whole number of milliseconds, ${least} or more`);
}

/** Milliseconds, of the options of a `close`. */
export function readGrace(given: { readonly grace?: number | undefined }): number | undefined {
  const { grace } = readOptions(given, ["grace"], "");
  return grace === undefined ? undefined : Math.min(readDuration(grace, "grace", 0), LONGEST_TIMER);
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

/** An address as the outbox stores it: the domain as servers write it, in lower case. Throws `InputError` (`MAIL_INPUT_ADDRESS`). */
export function readAddress(given: string, field: string): string {
  return parseMailbox(given, field).key;
}

/** Milliseconds since 1970. */
export function readTime(given: unknown, field: string): number {
  // A subclass may answer as it likes; the language's own method may not.
  const time = given instanceof Date ? Date.prototype.getTime.call(given) : Number.NaN;
  if (Number.isFinite(time) && time >= 0) return time;
  throw refusal(field, "must be a Date");
}
