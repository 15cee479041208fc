/**
 * No file of a package imports itself by way of others. Imports of types and late imports count too: files in a circle can only be
 * understood together, whenever they are loaded.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

type Graph = ReadonlyMap<string, readonly string[]>;

const specifier = /(?:\bfrom|\bimport|\bimport\s*\()\s*["'](\.[^"']+\.ts)["']/g;

function graphOf(files: readonly string[]): Graph {
  return new Map(
    files.map((file) => {
      const folder = path.posix.dirname(file);
      const imported = readFileSync(file, "utf8").matchAll(specifier);
      return [file, [...imported].map(([, name = ""]) => path.posix.join(folder, name))];
    }),
  );
}

/** Each circle once, as the files on it in the order of their imports. */
function circlesIn(graph: Graph): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file);
    if (at !== -1) found.push([...trail.slice(at), file].join(" -> "));
    if (at !== -1 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

for (const folder of globSync("packages/*").map((name) => name.split(path.sep).join("/"))) {
  test(`${folder} has no circle of imports`, () => {
    const files = globSync(`${folder}/src/**/*.ts`).map((file) => file.split(path.sep).join("/"));
    const graph = graphOf(files);
    assert.ok(files.length > 5 && [...graph.values()].flat().length > files.length, `saw ${files.length} files`);
    assert.deepEqual(circlesIn(graph), []);
  });
}

test("a circle is found wherever the search starts", () => {
  const [a, b, c, d] = ["a.ts", "b.ts", "c.ts", "d.ts"] as const;
  assert.deepEqual(
    circlesIn(
      new Map([
        [a, [b]],
        [b, [c]],
        [c, [b, d]],
        [d, []],
      ]),
    ),
    ["b.ts -> c.ts -> b.ts"],
  );
  assert.deepEqual(circlesIn(new Map([[a, [a]]])), ["a.ts -> a.ts"]);
  assert.deepEqual(
    circlesIn(
      new Map([
        [a, [b, c]],
        [b, [d]],
        [c, [d]],
      ]),
    ),
    [],
  );
});
