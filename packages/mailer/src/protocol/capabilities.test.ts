import assert from "node:assert/strict";
import { test } from "node:test";
import { Concealment } from "../wire/concealment.ts";
import { offer, reply } from "./conversation.test.ts";
import { Capabilities } from "./capabilities.ts";

test("the case of a keyword does not matter, on either side", () => {
  const offered = offer("starttls", "Size 1000");
  assert.ok(offered.has("STARTTLS") && offered.has("StartTls"));
  assert.equal(offered.size, 1000);
  assert.deepEqual(offered.keywords, ["STARTTLS", "SIZE"]);
});

test("the first line is the server's name, even if it looks like a keyword", () => {
  const offered = new Capabilities(reply("250-STARTTLS\n250-SIZE 10\n250 PIPELINING"));
  assert.deepEqual(offered.keywords, ["SIZE", "PIPELINING"]);
});

test("a server that offers nothing has no capabilities", () => {
  assert.deepEqual(new Capabilities(reply("250 mx.example")).keywords, []);
});

test("a keyword inside another line's parameters is no offer", () => {
  const offered = offer("XSTARTTLS", "X-NOTE STARTTLS", "STARTTLSX", "AUTH=PLAIN", "X STARTTLS CHUNKING");
  for (const keyword of ["STARTTLS", "CHUNKING", "AUTH"]) assert.ok(!offered.has(keyword), keyword);
});

test("a keyword that is listed twice has the parameters of both lines", () => {
  const offered = offer("AUTH PLAIN LOGIN", "auth SCRAM-SHA-256");
  assert.deepEqual(offered.parameters("auth"), ["PLAIN", "LOGIN", "SCRAM-SHA-256"]);
});

test("what was not offered has no parameters", () => {
  assert.deepEqual(offer("SIZE").parameters("AUTH"), []);
});

test("more than one space between the words adds no empty parameter, and an empty line is no keyword", () => {
  const offered = offer("AUTH   PLAIN  LOGIN ", "", "   ");
  assert.deepEqual(offered.parameters("AUTH"), ["PLAIN", "LOGIN"]);
  assert.deepEqual(offered.keywords, ["AUTH"]);
});

test("names that every object has are keywords like any other", () => {
  assert.ok(!offer("SIZE").has("constructor"));
  assert.ok(offer("__proto__ x").has("__PROTO__"));
});

for (const [line, size] of [
  ["SIZE 1000", 1000],
  ["SIZE 0", undefined],
  ["SIZE", undefined],
  ["SIZE -1", undefined],
  ["SIZE 1e3", undefined],
  ["SIZE 0x10", undefined],
  ["SIZE 99999999999999999999", undefined],
  ["SIZE many", undefined],
  ["PIPELINING", undefined],
] as const) {
  test(`"${line}" is ${size === undefined ? "no limit that is known" : `a limit of ${size}`}`, () => {
    assert.equal(offer(line).size, size);
  });
}

test("what is offered does not depend on a secret, and what is shown has none", () => {
  const concealment = new Concealment();
  concealment.add(["STARTTLS"]);
  const verbatim = ["mx.example", "starttls", "STARTTLS", "X-later"];
  const capabilities = new Capabilities({ code: 250, lines: concealment.strikeLines(verbatim), verbatim });
  assert.ok(capabilities.has("STARTTLS"));
  assert.deepEqual(capabilities.keywords, ["STARTTLS", "[SECRET]", "X-LATER"]);
  concealment.add(["later"]);
  assert.deepEqual(capabilities.keywordsWithout(concealment), ["STARTTLS", "[SECRET]", "X-[SECRET]"]);
});
