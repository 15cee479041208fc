/** Reads what a test gives to the server: an object's own properties, each understood. A test must not believe in an option that does nothing. */

/** The longest time of Node's timers, in milliseconds. A longer one would end at once. */
const LONGEST_TIME = 2 ** 31 - 1;

/** Throws `TypeError` for a property that is not known, or that the object only inherits. */
export function readOptions<T extends object>(given: T, known: readonly (keyof T & string)[], name: string): T {
  if (typeof given !== "object" || given === null || Symbol.iterator in given)
    throw wrong(name, `is not an object: give { ${known.join(", ")} }, or some of these`);
  // Own properties only: an application that pollutes Object.prototype still gets the server that its test asked for.
  // defence: options-of-its-own
  const own = { __proto__: null, ...given };
  const names = new Set<string>(known);
  for (const key of Reflect.ownKeys(own)) {
    // defence: every-option-is-known
    if (typeof key === "symbol" || !names.has(key))
      throw wrong(`${name}.${String(key)}`, `is not known; there are ${known.join(", ")}`);
  }
  for (const key of known)
    if (isInherited(given, key)) throw wrong(`${name}.${key}`, "is inherited: copy it into the object itself");
  return own;
}

/** Throws `TypeError` with what `name` should be. */
export function demand(isRight: boolean, name: string, wanted: string): void {
  if (!isRight) throw wrong(name, `should be ${wanted}`);
}

export const TIME: string = `a number of milliseconds from 0 to ${LONGEST_TIME}`;

export function isTime(given: unknown): boolean {
  return typeof given === "number" && given >= 0 && given <= LONGEST_TIME;
}

function wrong(name: string, why: string): TypeError {
  return new TypeError(`${name} ${why}.`);
}

/** What is on an `Object.prototype`, which is a prototype without one, is ignored. */
function isInherited(given: object, key: string): boolean {
  if (Object.hasOwn(given, key)) return false;
  for (
    let above: unknown = Object.getPrototypeOf(given);
    typeof above === "object" && above !== null && Object.getPrototypeOf(above) !== null;
    above = Object.getPrototypeOf(above)
  )
    if (Object.hasOwn(above, key)) return true;
  return false;
}
