/** Calls every export that takes text, found by its type, with hostile texts: none may take more than linear time. */
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { calls, type Load, notParsers, PIECE } from "./calls.ts";
import { type Found, findExports, isHostile, type Recipe } from "./exports.ts";
import { LONG, type Pair, SHORT, worseThanLinear } from "./measure.ts";
import { distinctLines, hostileText, numbered, shapes } from "./shapes.ts";

const { files, found } = findExports();
const pairs: readonly Pair[] = [
  ...shapes.map((shape) => pairOf(JSON.stringify(shape), (length) => hostileText(shape, length))),
  ...numbered.map((write) => pairOf(JSON.stringify(write(0)), (length) => distinctLines(write, length))),
];

/** Calls an export with the text as every argument, or as the first only: another argument may be refused earlier. */
type Drive = (text: string) => void;

/** What the command prints about a hostile text, also later, would be hundreds of megabytes in the log. */
function silence(): void {
  const write: unknown = Reflect.get(process.stdout, "write");
  assert.ok(typeof write === "function");
  process.stdout.write = (chunk: unknown, ...rest: readonly unknown[]): boolean =>
    (typeof chunk === "string" && chunk.length >= SHORT) ||
    Reflect.apply(write, process.stdout, [chunk, ...rest]) === true;
}

/** Declares a test for each export below one of these folders. */
export function testLinear(folders: readonly string[]): void {
  silence();
  for (const one of found) {
    const key = keyOf(one);
    if (notParsers[key] !== undefined || !folders.some((folder) => key.startsWith(folder))) continue;
    test(`${key} takes linear time`, async () => {
      for (const drive of await drivesOf(one, key)) assert.equal(worseThanLinear(pairs, drive), undefined);
    });
  }
}

/** Declares the tests of the search itself. */
export function testFound(): void {
  test("the search sees all modules, and finds their parsers", () => {
    assert.ok(files > 330, `saw ${files} modules`);
    assert.ok(found.length > 240, `found ${found.length}`);
  });

  test("exactly those exports that cannot be called by their type alone have a way to call them, or a reason not to", () => {
    const names = new Set(found.map(keyOf));
    const known = [...Object.keys(calls), ...Object.keys(notParsers)];
    const stale = known.filter((key) => !names.has(key));
    assert.deepEqual(stale, []);
    const needed = found.filter((one) => !isCallable(one)).map(keyOf);
    const unknown = needed.filter((key) => !known.includes(key));
    assert.deepEqual(unknown, []);
  });
}

function pairOf(name: string, make: (length: number) => string): Pair {
  return { name, short: make(SHORT), long: make(LONG) };
}

function keyOf({ file, name, method }: Found): string {
  return `${file} ${name}${method === undefined ? "" : `.${method}`}`;
}

function isCallable({ method, recipes, construct }: Found): boolean {
  return method === undefined
    ? recipes !== undefined || construct !== undefined
    : recipes !== undefined && construct !== undefined;
}

async function drivesOf({ file, name, method, recipes, construct }: Found, key: string): Promise<readonly Drive[]> {
  const known = calls[key];
  if (known !== undefined) return [quietly(await known(callable))];
  const exported = await load(file, name);
  const objectOf = (text: string): object => {
    const object: unknown = Reflect.construct(
      exported,
      (construct ?? []).map((recipe) => made(recipe, text)),
    );
    assert.ok(typeof object === "object" && object !== null, key);
    return object;
  };
  if (method === undefined && construct !== undefined) return [quietly(objectOf)];
  const call = (text: string, args: readonly unknown[]): unknown => {
    if (method === undefined) return Reflect.apply(exported, undefined, args);
    const object = objectOf("a");
    const inner: unknown = Reflect.get(object, method);
    assert.ok(typeof inner === "function", key);
    if (text.length < 1000 || method !== "push") return Reflect.apply(inner, object, args);
    // In pieces, as it comes from a socket.
    for (let at = 0; at < text.length; at += PIECE)
      Reflect.apply(inner, object, argumentsOf(recipes ?? [], text.slice(at, at + PIECE)));
    return object;
  };
  const hostile = (recipes ?? []).flatMap((recipe, index) => (isHostile(recipe) ? [index] : []));
  const ways = hostile.length === 1 ? [hostile] : [hostile, hostile.slice(0, 1)];
  return ways.map((way) => quietly((text) => call(text, argumentsOf(recipes ?? [], text, way))));
}

function argumentsOf(recipes: readonly Recipe[], text: string, hostile?: readonly number[]): readonly unknown[] {
  return recipes.map((recipe, index) => made(recipe, hostile?.includes(index) === false ? "a" : text));
}

async function load(file: string, name: string): Promise<Function> {
  const module: unknown = await import(pathToFileURL(path.resolve(file)).href);
  const exported: unknown = Reflect.get(Object(module), name);
  assert.ok(typeof exported === "function", `${file} ${name}`);
  return exported;
}

const callable: Load = async (file, name) => {
  const exported = await load(file, name);
  const isClass = /^class\b/.test(Function.prototype.toString.call(exported));
  return (...args): unknown => (isClass ? Reflect.construct(exported, args) : Reflect.apply(exported, undefined, args));
};

/** A refusal is as good as an answer: only the time counts. */
function quietly(run: (text: string) => unknown): Drive {
  return (text) => {
    try {
      const result = run(text);
      // If the answer is a promise, the time up to its first wait is measured.
      if (result instanceof Promise) result.catch(() => undefined);
    } catch (error) {
      if (!(error instanceof Error) || /out of memory|Maximum call stack/.test(error.message)) throw error;
    }
  };
}

function made(recipe: Recipe, text: string): unknown {
  switch (recipe.make) {
    case "text":
      return text;
    case "octets":
      return kept(octets, text, () => Buffer.from(text));
    case "texts":
      return kept(pieces, text, () => text.split(/(?<=[,;\n])/));
    case "record":
      return { [text.slice(0, 100)]: text };
    case "function":
      return () => undefined;
    case "map":
      return new Map();
    case "nothing":
      return undefined;
    case "value":
      return recipe.value;
    case "object":
      return Object.fromEntries(Object.entries(recipe.fields).map(([name, field]) => [name, made(field, text)]));
    default:
      return recipe satisfies never;
  }
}

/** Kept, because making them for each call would take longer than most calls. */
const octets = new Map<string, Buffer>();
const pieces = new Map<string, readonly string[]>();

function kept<T>(all: Map<string, T>, text: string, make: () => T): T {
  const known = all.get(text) ?? make();
  if (text.length >= SHORT / 2) all.set(text, known);
  return known;
}
