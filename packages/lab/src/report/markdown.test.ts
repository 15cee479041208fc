import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { formatMarkdown } from "./markdown.ts";
import { hostileText, sampleOf, sampleReport } from "./sample.ts";

suite("a summary in Markdown", () => {
  const lines = formatMarkdown(sampleOf("skua")).split("\n");

  test("the result is the heading, and the circumstances come next", () => {
    assert.equal(lines[0], "## skua 0.9.1 --tls-optional failed 8 of 13 vectors, and hung in 1 more");
    assert.match(lines[2] ?? "", /^Tried with the Postseal lab on 2026-11-07\. Isolation: loopback, /);
  });

  test("outcomes are counted, failures have their evidence, and what to change comes last", () => {
    assert.ok(lines.includes("| leaked-credentials | 2 | the attacker got the login, or a proof of it |"));
    assert.ok(lines.includes("| A2-220go | leaked-message | connection 1: body in the clear |"));
    assert.ok(lines.includes("| hang | use --patience |"));
  });

  test("a client without failures has neither", () => {
    assert.doesNotMatch(formatMarkdown(sampleOf("heron")), /evidence|what to change/);
  });

  test("several clients have a row each, and a heading for each that failed", () => {
    const text = formatMarkdown(sampleReport);
    assert.match(text, /\n\| heron 2\.0\.0 \| 13 \| 0 \| 0 \| {2}\|\n/);
    assert.match(text, /\n### skua 0\.9\.1 --tls-optional\n/);
    assert.doesNotMatch(text, /\n### heron/);
  });

  test("whatever a client or a server says stays text in one cell", () => {
    const [dodo] = sampleOf("dodo").clients;
    assert.ok(dodo !== undefined);
    const evil = `${hostileText}|*a* _b_ [c](http://d) ![e](f) \`g\` @maintainer www.example.com https://h :tada: \n# i`;
    const text = formatMarkdown({ ...sampleOf("dodo"), clients: [{ ...dodo, title: evil }], isolationNote: evil });
    const bare = text.replaceAll("@<!-- -->", "");
    for (const markup of [/(?<!\\)[`*_[\]<>]/, /@/, /(?<!\\):\/\//, /www\./, /(?<!\\):tada/, /\n# /, /\S(?<!\\)\|\S/])
      assert.doesNotMatch(bare, markup);
    assert.match(text, /\\x1b\\\[2J/);
  });
});
