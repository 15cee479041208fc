/** Each defence can be removed: the sources have each of its markers once, and parse without it. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { suite, test } from "node:test";
import ts from "typescript5";
import { defences } from "../../scripts/defences/all.ts";
import {
  always,
  body,
  first,
  instead,
  never,
  receiver,
  type Removal,
  remove,
  second,
  swap,
  unwrap,
  value,
  without,
} from "../../scripts/defences/defence.ts";
import { markersOf, planOf, sourcesIn } from "../../scripts/removal/plan.ts";

const sources = sourcesIn(".");
const markers = markersOf(sources);

test("every marker belongs to a defence", () => {
  const used = new Set(defences.flatMap(({ removals }) => removals.map(({ marker }) => marker)));
  assert.deepEqual([...markers.keys()].toSorted(), [...used].toSorted());
});

test("without any one defence the sources still parse", () => {
  assert.ok(defences.length >= 225, `saw ${defences.length} defences`);
  for (const entry of defences) {
    assert.ok(existsSync(entry.test), entry.test);
    for (const [file, text] of planOf(entry, markers).changed) {
      assert.notEqual(text, sources.find((source) => source.file === file)?.text, entry.defence);
      assert.doesNotThrow(() => stripTypeScriptTypes(text), entry.defence);
    }
  }
});

test("no removal of a defence uses a name from our code", () => {
  const found: string[] = [];
  for (const removal of defences.flatMap((entry) => entry.removals)) {
    const root = markers.get(removal.marker)?.root;
    for (const name of namesSaidBy(removal))
      if (root !== undefined && declares(root, name)) found.push(`${removal.marker}: ${name}`);
  }
  assert.deepEqual(found, []);
});

/** The same code twice: `AFTER` has other names, and another order. */
const BEFORE = `
export function judge(reply: Reply, mode = "strict"): Verdict {
  // defence: the-if
  if (reply.code === 220 && isSealed(mode)) return "sealed";
  else refuse(reply);
  // defence: the-constant
  const shown = escape(cut(reply.text), 400);
  // defence: the-assignment
  this.#last = reply.code;
  send({
    // defence: the-property
    name: mode === "strict" ? checked(shown) : shown,
  });
  // defence: the-return
  return lines.filter(isSafe) ?? [];
}`;
const AFTER = `
const answer = (): void => {};
class Judge {
  heard(answered: Answer, policy = "strict"): Ruling {
    report(
      {
        // defence: the-property
        title: policy === "strict" ? proved(visible) : visible,
      },
    );
    // defence: the-assignment
    this.#latest = answered.status;
    // defence: the-if
    if (answered.status === 220 && isTls(policy)) return "sealed";
    else reject(answered);
    // defence: the-return
    return rows.filter(isSound) ?? [];
  }
  // defence: the-constant
  visible = printable(short(this.text), 400);
}`;
const removals: readonly (readonly [removal: Removal, before: string, after: string])[] = [
  [remove("the-if"), "", ""],
  [never("the-if"), 'if (false) return "sealed";', 'if (false) return "sealed";'],
  [always("the-if"), 'if (true) return "sealed";', 'if (true) return "sealed";'],
  [without("the-if", 2), "if (reply.code === 220) return", "if (answered.status === 220) return"],
  [swap("the-if", ["=== 220", "< 300"]), "if (reply.code < 300 && isSealed", "if (answered.status < 300 && isTls"],
  [body("the-if", "return 75;"), "isSealed(mode)) { return 75; }", "isTls(policy)) { return 75; }"],
  [unwrap("the-constant"), "const shown = cut(reply.text);", "visible = short(this.text);"],
  [unwrap("the-constant", 1), "const shown = escape(reply.text, 400);", "visible = printable(this.text, 400);"],
  [
    value("the-constant", "[$2, $]"),
    "[400, escape(cut(reply.text), 400)];",
    "[400, printable(short(this.text), 400)];",
  ],
  [
    value("the-assignment", "$left ?? $"),
    "this.#last = this.#last ?? reply.code;",
    "this.#latest = this.#latest ?? answered.status;",
  ],
  [value("the-assignment", "$given"), "this.#last = reply;", "this.#latest = answered;"],
  [
    instead("the-assignment", "stop(); $"),
    "stop(); this.#last = reply.code;",
    "stop(); this.#latest = answered.status;",
  ],
  [remove("the-property"), "send({", "report("],
  [first("the-property"), "name: checked(shown),", "title: proved(visible),"],
  [second("the-property"), "name: shown,", "title: visible,"],
  [
    instead("the-property", "get $name() { return $value; }"),
    "get name() { return mode ===",
    "get title() { return policy ===",
  ],
  [without("the-return", 2), "return lines.filter(isSafe);", "return rows.filter(isSound);"],
];

suite("a removal outlives other names, other files and other places", () => {
  for (const [removal, before, after] of removals) {
    test(`${removal.how} ${removal.marker}`, () => {
      for (const [file, text, expected] of [
        ["packages/mailer/src/judge.ts", BEFORE, before],
        ["packages/mailer/src/protocol/heard.ts", AFTER, after],
      ] as const) {
        const entry = { threat: "A1", defence: "it holds", removals: [removal], test: "", names: "" };
        const changed = planOf(entry, markersOf([{ file, text }])).changed.get(file) ?? "";
        assert.ok(changed.includes(expected), changed);
        assert.notEqual(changed, text);
      }
    });
  }
});

suite("a wrong marker is an error that names its place", () => {
  const wrong: readonly (readonly [text: string, error: RegExp])[] = [
    ["// defence: No Id\nconst a = 1;\n", /a\.ts:1: "No Id" is no id/],
    ["const a = 1;\n// defence: at-the-end\n", /a\.ts:2: the marker at-the-end does not stand above code/],
    ["// defence: twice\nconst a = 1;\n// defence: twice\nconst b = 2;\n", /twice marks a\.ts:1 and a\.ts:3/],
    ["// defence: above-a-comment\n// Why.\nconst a = 1;\n", /a\.ts:1: .* does not stand above code/],
  ];
  for (const [text, error] of wrong) {
    test(String(error), () => assert.throws(() => markersOf([{ file: "a.ts", text }]), error));
  }

  const lost: readonly (readonly [removal: Removal, error: RegExp])[] = [
    [never("gone"), /"it holds": nothing is marked as gone/],
    [without("the-if", 3), /a\.ts:3: .*what is marked has no operand 3/],
    [swap("the-if", ["=== 221", ""]), /a\.ts:3: .*what is marked has 0 times === 221/],
    [first("the-return"), /a\.ts:14: .*what is marked has 0 times `\?:`/],
    [receiver("the-constant"), /a\.ts:6: .*is not the call of a method/],
  ];
  for (const [removal, error] of lost) {
    test(String(error), () => {
      const entry = { threat: "A1", defence: "it holds", removals: [removal], test: "", names: "" };
      assert.throws(() => planOf(entry, markersOf([{ file: "a.ts", text: BEFORE }])), error);
    });
  }
});

/** Whether the tree declares or imports this name. */
function declares(node: ts.Node, name: string): boolean {
  return (
    ((ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && node.text === name && !isUse(node)) ||
    ts.forEachChild(node, (child) => declares(child, name) || undefined) === true
  );
}

/** For example `Buffer`, and `from` in `Buffer.from`. */
function isUse(node: ts.Identifier | ts.PrivateIdentifier): boolean {
  const { parent } = node;
  if (ts.isImportSpecifier(parent)) return parent.parent.parent.parent.moduleSpecifier.getText().startsWith('"node:');
  return !("name" in parent) || parent.name !== node || ts.isPropertyAccessExpression(parent);
}

/** Names in quotes or in a pattern do not count. */
function namesSaidBy(removal: Removal): readonly string[] {
  const texts = "text" in removal ? [removal.text] : "pairs" in removal ? removal.pairs.flat() : [];
  return texts.flatMap(
    (text) => text.replaceAll(/"[^"]*"|'[^']*'|\/.*\/[a-z]*/g, "").match(/(?<![\w$])#?[A-Za-z_]\w*/g) ?? [],
  );
}
