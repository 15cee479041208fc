import assert from "node:assert/strict";
import { test } from "node:test";
import { SyntaxProblem, TomlDocument } from "./toml-document.ts";

const text = `# accounts
default-account = "a"

[accounts.a] # the first
# below a comment
server = "submission://[accounts.b]"
words = [
  "one", # [accounts.c]
  "two",
]

from = "x"
text = """
host = 1
"""
accounts.b.port = 587

[accounts]
"b c".host = "x"

[aliases]
root = { to = "a" }
`;

test("the line of a key is the first line of its statement", () => {
  const document = new TomlDocument(text);
  const lines: Readonly<Record<number, readonly string[]>> = {
    2: ["default-account"],
    4: ["accounts", "a"],
    6: ["accounts", "a", "server"],
    7: ["accounts", "a", "words"],
    12: ["accounts", "a", "from"],
    13: ["accounts", "a", "text"],
    16: ["accounts", "a", "accounts", "b", "port"],
    19: ["accounts", "b c", "host"],
    22: ["aliases", "root", "to"],
  };
  for (const [line, path] of Object.entries(lines)) assert.equal(document.lineOf(path), Number(line), path.join("."));
  assert.equal(document.lineOf(["accounts", "a", "host"]), undefined);
});

test("an error in TOML has its line, but does not quote it: it may hold a password", () => {
  const syntax = (source: string): SyntaxProblem => {
    try {
      return assert.fail(JSON.stringify(new TomlDocument(source).root));
    } catch (error) {
      assert.ok(error instanceof SyntaxProblem);
      return error;
    }
  };
  const open = syntax('a = 1\npassword = "quartz\n');
  assert.equal(open.line, 2);
  assert.doesNotMatch(open.message, /quartz|password/);
  for (const source of ["password = quartz", "quartz", 'quartz = 1\nquartz = "2"', "a = 1 quartz"]) {
    assert.doesNotMatch(syntax(source).message, /quartz/, source);
  }
});

test("a key that could change a prototype is refused", () => {
  assert.throws(() => new TomlDocument("[__proto__]\na = 1"), SyntaxProblem);
});
