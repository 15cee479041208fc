/**
 * Reads a caller's options: each once, and only the object's own properties.
 *
 * The attack is prototype pollution: hostile JSON, merged carelessly elsewhere in the process, ends up on
 * `Object.prototype` and so in every object. `trust`, `ca` or `connect` would then seem given although nobody gave them.
 * So nothing else in the package reads a caller's object, and the copies made here inherit nothing.
 */
import { InputError, type InputErrorCode } from "../errors/input-error.ts";
import { kindOf } from "../errors/kind.ts";
import { nearest } from "../errors/nearest.ts";
import { shown } from "../errors/shown.ts";

/** Its instances inherit nothing, like `Object.create(null)`, which V8 keeps as a hash table that is slow to read. */
class Bare {
  static {
    Object.setPrototypeOf(this.prototype, null);
    Reflect.deleteProperty(this.prototype, "constructor");
    Object.freeze(this.prototype);
  }
}

export interface OptionPlace {
  /** The option that holds the object, as the caller writes it; empty at the top. */
  readonly field: string;
  readonly code: InputErrorCode;
  /** What errors call the object itself if `field` is empty. Default `options`. */
  readonly name?: string | undefined;
  /** What to give, if it is not an object: such as `give { path }`. */
  readonly instead?: string | undefined;
  /** May explain more about an unknown name than that it does not exist. */
  readonly explain?: ((name: string) => string | undefined) | undefined;
}

/**
 * A copy without a prototype; each value is read once. Throws `InputError` for an unknown name, and for a known one that
 * the object only inherits: if an option is silently dropped, its author believes that it works.
 */
export function readOptions<T extends object>(given: T, known: ReadonlySet<string>, place: OptionPlace): T {
  if (typeof given !== "object" || given === null)
    throw refusal(
      place,
      place.field,
      `is ${kindOf(given)}, not an object${place.instead === undefined ? "" : `: ${place.instead}`}`,
    );
  const own = copied(given, place);
  for (const name of Object.keys(own))
    if (!known.has(name)) throw Symbol.iterator in given ? listed(place) : unknown(name, known, place);
  // defence: inherited-options-are-refused
  if (Object.getPrototypeOf(given) !== Object.prototype) judgeClass(given, known, place);
  return own;
}

function copied<T extends object>(given: T, place: OptionPlace): T {
  try {
    // defence: own-properties-alone
    return withoutPrototype(given);
  } catch (cause) {
    throw refusal(place, place.field, "cannot be read: one of its properties throws.", cause);
  }
}

/** `Array.isArray` does not narrow to a readonly array. */
export function isList<T>(given: T | readonly T[]): given is readonly T[] {
  return Array.isArray(given);
}

/**
 * The items of an array, each read once by index: its own methods are not called, and a hole inherits nothing. An item without
 * a value is refused, since nobody can tell `[isDue && invoice]` from a mistake.
 */
export function readList<T>(given: readonly T[], { field, code }: OptionPlace): readonly T[] {
  const items: T[] = [];
  for (let index = 0; index < given.length; index++) {
    const item = given[index];
    const isOwn = Object.hasOwn(given, index);
    if (!item || !isOwn) throw new InputError(code, `${field}[${index}]`, withoutValue(isOwn ? item : undefined));
    items.push(item);
  }
  return items;
}

/** Names every property of `T`: an option that a new Node adds does not compile until somebody has decided on it. */
export type Every<T> = { readonly [name in keyof T]-?: T[name] | undefined };

/** Only the object's own properties: for objects that go to Node, and for those of other packages. */
export function withoutPrototype<T extends object>(given: T): T {
  return Object.assign(new Bare(), given);
}

/**
 * Refuses what would be silently lost: the entries of a Map or an array, getters on a class, and what
 * `Object.create(defaults)` inherits. Only `Object.prototype` is ignored.
 */
function judgeClass(given: object, known: ReadonlySet<string>, place: OptionPlace): void {
  if (Symbol.iterator in given) throw listed(place);
  for (
    let above: unknown = Object.getPrototypeOf(given);
    typeof above === "object" && above !== null && above !== Object.prototype;
    above = Object.getPrototypeOf(above)
  ) {
    for (const name of known) {
      if (!Object.hasOwn(above, name) || Object.hasOwn(given, name)) continue;
      throw refusal(
        place,
        within(place, name),
        "is inherited, and only an object's own properties are read. Copy it: { ...options } for defaults, each name for getters",
      );
    }
  }
}

function withoutValue(item: unknown): string {
  const what = item === undefined ? "missing" : item === "" ? "empty" : JSON.stringify(item);
  return `is ${what}. If an item may be without a value, take it out before: [one, other].filter(Boolean).`;
}

function listed(place: OptionPlace): InputError {
  return refusal(place, place.field, "is a list or a map, and options are properties of an object");
}

function unknown(name: string, known: ReadonlySet<string>, place: OptionPlace): InputError {
  return refusal(place, within(place, name), place.explain?.(name) ?? whyUnknown(name, known, place));
}

function whyUnknown(name: string, known: ReadonlySet<string>, place: OptionPlace): string {
  const close = nearest(name, [...known]);
  return close === undefined
    ? `there is no such option; the options are ${[...known].join(", ")}`
    : `there is no such option. Did you mean ${within(place, close)}?`;
}

function within({ field }: OptionPlace, name: string): string {
  return field === "" ? shown(name) : `${field}.${shown(name)}`;
}

function refusal({ code, name = "options" }: OptionPlace, field: string, why: string, cause?: unknown): InputError {
  return new InputError(code, field === "" ? name : field, why, cause);
}
