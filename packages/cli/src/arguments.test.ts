import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseArguments } from "./arguments.ts";
import { CommandError } from "./command-error.ts";
import { sendOptions, verifyOptions } from "./mail/options.ts";

function refused(argv: readonly string[], message: RegExp): void {
  assert.throws(
    () => parseArguments(argv, sendOptions),
    (error) => error instanceof CommandError && error.code === "CLI_USAGE" && message.test(error.message),
  );
}

test("an option's value is the next word or follows an equals sign, and a lone hyphen is a value", () => {
  const given = parseArguments(["--text", "-", "--to=a@example.test", "--to", "b@example.test", "--json"], sendOptions);
  assert.equal(given.one("text"), "-");
  assert.deepEqual(given.all("to"), ["a@example.test", "b@example.test"]);
  assert.ok(given.has("json"));
  assert.equal(given.one("subject"), undefined);
});

test("an unknown option names the nearest one", () => {
  refused(["--sujbect", "x"], /^--sujbect does not exist; did you mean --subject\?$/);
  refused(["--require-p"], /did you mean --require-pq\?/);
  refused(["--zzzzzzzzzz"], /--help lists the options/);
  assert.throws(() => parseArguments(["--from", "x"], verifyOptions), /--from does not exist/);
});

test("no option sends in the clear, and asking for one gets an explanation", () => {
  for (const name of ["--insecure", "--no-verify", "--no-tls", "--plaintext", "--require-tls"])
    refused([name], /TLS is always on, and always verified/);
});

test("a missing value is noticed, even before another option", () => {
  refused(["--subject"], /^--subject needs a value/);
  refused(["--subject", "--text", "hi"], /^--subject needs a value/);
  assert.equal(parseArguments(["--subject=-5 degrees"], sendOptions).one("subject"), "-5 degrees");
});

test("an option that cannot be repeated is refused the second time, and a flag takes no value", () => {
  refused(["--from", "a@example.test", "--from", "b@example.test"], /^--from is given twice; give it once$/);
  refused(["--json=yes"], /^--json takes no value$/);
});

test("options that exclude each other are refused together", () => {
  const given = parseArguments(["--ca", "a.pem", "--ca-only", "b.pem"], sendOptions);
  assert.throws(() => given.oneOf("ca", "ca-only"), /--ca and --ca-only exclude each other/);
  assert.equal(given.oneOf("pin", "trust-pin"), undefined);
});

test("a word without an option is refused, and not repeated if it could be a URL with a password", () => {
  refused(["--subject", "Hello", "Bob"], /^"Bob" has no option before it/);
  refused(["submission://wren:secret@mail.example.test"], /^one of the words has no option before it/);
  refused(["--", "x"], /has no option before it/);
  refused(["--attach", "a.pdf", "b.pdf"], /^"b.pdf" has no option before it; repeat --attach for each, and quote/);
});

test("any command line gives arguments or a CommandError", () => {
  const word = fc.oneof(fc.constantFrom(...Object.keys(sendOptions).map((name) => `--${name}`)), fc.string());
  fc.assert(
    fc.property(fc.array(word), (argv) => {
      try {
        parseArguments(argv, sendOptions);
      } catch (error) {
        assert.ok(error instanceof CommandError, String(error));
      }
    }),
  );
});
