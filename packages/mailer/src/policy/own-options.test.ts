import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../errors/input-error.ts";
import { readList, readOptions, withoutPrototype } from "./own-options.ts";

interface Options {
  readonly one?: number;
  readonly two?: number;
}

const known: ReadonlySet<string> = new Set(["one", "two"]);
const place = { field: "some", code: "MAIL_INPUT_OPTION" } as const;

function refusal(given: object): InputError {
  try {
    readOptions(given, known, place);
  } catch (error) {
    assert.ok(error instanceof InputError);
    return error;
  }
  return assert.fail("it was taken");
}

function parsed(text: string): object {
  const value: unknown = JSON.parse(text);
  assert.ok(typeof value === "object" && value !== null);
  return value;
}

test("the copy inherits nothing, not even what every object has", () => {
  const own = readOptions<Options>({ one: 1 }, known, place);
  assert.deepEqual(Object.entries(own), [["one", 1]]);
  assert.equal("toString" in own, false);
  assert.equal("hasOwnProperty" in withoutPrototype({}), false);
});

test("a getter is read once, and that value counts", () => {
  let asked = 0;
  const own = readOptions<Options>(
    {
      get one() {
        asked += 1;
        return asked;
      },
    },
    known,
    place,
  );
  assert.deepEqual([own.one, own.one, asked], [1, 1, 1]);
});

test("an unknown name is refused, and so is __proto__ from JSON", () => {
  assert.equal(refusal({ three: 3 }).field, "some.three");
  assert.equal(refusal(parsed('{"__proto__":{"one":1}}')).field, "some.__proto__");
});

test("a misspelt name gets the one that was meant; a name that is like none gets the list", () => {
  assert.match(refusal({ twoo: 2 }).message, /^some\.twoo: there is no such option\. Did you mean some\.two\?$/);
  assert.match(refusal({ ONE: 1 }).message, /Did you mean some\.one\?$/);
  assert.match(refusal({ seventeen: 17 }).message, /there is no such option; the options are one, two/);
  assert.match(refusal({ ["o".repeat(1_000_000)]: 1 }).message, /the options are one, two/);
});

test("an option that a class or a prototype has is refused, not silently dropped", () => {
  class Settings {
    get one(): number {
      return 1;
    }
  }
  assert.match(refusal(new Settings()).message, /some\.one: is inherited/);
  assert.equal(refusal({ __proto__: { two: 2 } }).field, "some.two");
});

test("the fields of a class instance are its own properties, and are read", () => {
  class Settings {
    readonly one = 1;
  }
  assert.equal(readOptions<Options>(new Settings(), known, place).one, 1);
  assert.equal(readOptions<Options>(withoutPrototype({ two: 2 }), known, place).two, 2);
});

test("a map, a list and anything but an object are refused: their entries are not properties", () => {
  assert.match(refusal(new Map([["one", 1]])).message, /is a list or a map/);
  assert.match(refusal([]).message, /is a list or a map/);
  // @ts-expect-error a caller without types may give it
  assert.throws(() => readOptions(null, known, place), { code: "MAIL_INPUT_OPTION", field: "some" });
  // @ts-expect-error a caller without types may give it
  assert.throws(() => readOptions("one", known, place), { code: "MAIL_INPUT_OPTION", field: "some" });
});

test("a list is read by index and not by its methods, and a hole in it counts as missing", () => {
  class Sly<T> extends Array<T> {
    override map<U>(): U[] {
      return [];
    }
    override *[Symbol.iterator](): ArrayIterator<T> {}
  }
  assert.deepEqual(readList(Sly.from(["a", "b"]), place), ["a", "b"]);
  const holed: string[] = [];
  holed[1] = "b";
  Reflect.defineProperty(Object.prototype, "0", { value: "inherited", configurable: true });
  try {
    assert.throws(() => readList(holed, place), { field: "some[0]" });
  } finally {
    Reflect.deleteProperty(Object.prototype, "0");
  }
});
