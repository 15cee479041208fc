/** What a parser remembers of earlier replies, and what it conceals. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ProtocolError } from "../errors/protocol-error.ts";
import { Concealment } from "./concealment.ts";
import { ReplyParser } from "./reply-parser.ts";
import type { Reply } from "./reply.ts";

/** A parser that knows these secrets, and what it hears. */
function concealing(...secrets: readonly (readonly string[])[]): {
  readonly concealment: Concealment;
  readonly say: (text: string) => readonly Reply[];
} {
  const concealment = new Concealment();
  for (const forms of secrets) concealment.add(forms);
  const parser = new ReplyParser(concealment, "mx.example:587");
  const say = (text: string): readonly Reply[] => {
    const replies: Reply[] = [];
    parser.push(Buffer.from(text), (reply) => replies.push(reply) > 0);
    return replies;
  };
  return { concealment, say };
}

test("no line that may be shown holds a secret, and the server's exact words are kept beside it for the protocol", () => {
  const { say } = concealing(["hunter2", "aHVudGVyMg"]);
  assert.deepEqual(say("535-no hunter2, and no\r\n535 aHVudGVyMg== hunter2\r\n"), [
    {
      code: 535,
      lines: ["no [secret], and no", "[secret]== [secret]"],
      verbatim: ["no hunter2, and no", "aHVudGVyMg== hunter2"],
    },
  ]);
  assert.deepEqual(say("250 ok\r\n"), [{ code: 250, lines: ["ok"] }]);
});

test("a secret that continues in the next line is shown in neither", () => {
  const { say } = concealing(["correct horse"]);
  assert.deepEqual(say("535-5.7.8 not correct\r\n535 5.7.8 horse\r\n")[0]?.lines, [
    "5.7.8 not [secret]",
    "5.7.8 [secret]",
  ]);
});

test("a challenge is never shown, and the mechanism gets it word for word", () => {
  const { say } = concealing(["aHVudGVyMg"]);
  for (const text of ["aHVudGVyMg==", "cj1ub25jZQ==", ""]) {
    assert.deepEqual(say(`334 ${text}\r\n`), [{ code: 334, lines: ["[challenge]"], verbatim: [text] }]);
  }
});

test("the evidence of a malformed reply holds no secret, not even a piece of one that was cut off", () => {
  const ends: readonly (readonly string[])[] = [
    [`250 ${"x".repeat(190)}hunter2\0\r\n`],
    [`250 ${"x".repeat(4092)}hunter2\r\n`],
    ["?? hunter2\r\n"],
    ["?? hunte", "r2\r\n"],
    ["250-hunte\r\n251 r2\r\n"],
    [`250-${"x".repeat(4086)}hunter2`],
  ];
  for (const chunks of ends) {
    const { say } = concealing(["hunter2"]);
    assert.throws(
      () => {
        for (const chunk of chunks) say(chunk);
      },
      (error) => error instanceof ProtocolError && !/hunt|ter2|r2/.test(error.message + error.evidence),
      chunks.join(""),
    );
  }
});

test("a reply that was heard before the secret was known is concealed when it comes again", () => {
  const { concealment, say } = concealing(["b913a602"]);
  assert.deepEqual(say("250 hunter2 b913a602\r\n")[0]?.lines, ["hunter2 [secret]"]);
  concealment.add(["hunter2"]);
  assert.deepEqual(say("250 hunter2 b913a602\r\n")[0]?.lines, ["[secret] [secret]"]);
});

test("a reply that always came after another is concealed when it comes there again", () => {
  const { concealment, say } = concealing();
  for (let round = 0; round < 4; round++) assert.deepEqual(say("250 ok\r\n250 hunter2\r\n").at(-1)?.lines, ["hunter2"]);
  say("250 ok\r\n");
  concealment.add(["hunter2"]);
  assert.deepEqual(say("250 hunter2\r\n")[0]?.lines, ["[secret]"]);
});

test("a parser that has heard the same replies before reads them as a new parser does", () => {
  const secret = "hunter2";
  const said = ["250 ok\r\n", "250 ok then\r\n", "250\r\n", "250-ok\r\n250 ok\r\n", "334 ok\r\n", `250 ${secret}\r\n`];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...said), { minLength: 1, maxLength: 30 }),
      fc.array(fc.nat(150), { maxLength: 4 }),
      fc.nat(30),
      (replies, cuts, known) => {
        const parser = concealing();
        const heard: Reply[] = [];
        for (const [index, one] of replies.entries()) {
          if (index === known) parser.concealment.add([secret]);
          const cut = cuts[index % 5] ?? one.length;
          for (const piece of [one.slice(0, cut), one.slice(cut)]) heard.push(...parser.say(piece));
        }
        const secrets = (index: number): readonly (readonly string[])[] => (index < known ? [] : [[secret]]);
        assert.deepEqual(
          heard,
          replies.flatMap((one, index) => concealing(...secrets(index)).say(one)),
        );
        // In one read, as the replies to a write of several messages come.
        const { concealment, say } = concealing();
        if (known < 15) concealment.add([secret]);
        assert.deepEqual(
          say(replies.join("")),
          replies.flatMap((one) => concealing(...(known < 15 ? [[secret]] : [])).say(one)),
        );
      },
    ),
    { numRuns: 1_000 },
  );
});

test("wherever a server says a secret and however the octets are cut, nothing that may be shown holds it", () => {
  const secret = "correct horse-7";
  const part = fc.constantFrom(
    secret,
    "correct",
    " horse-7",
    "horse-7",
    "x",
    "250-",
    "250 ",
    "\r\n",
    "5.7.8 ",
    "?",
    "x".repeat(4090),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.array(fc.nat(200), { maxLength: 6 }), (parts, cuts) => {
      const { say } = concealing([secret]);
      const text = `250-${parts.join("")}\r\n250 ok\r\n`;
      const edges = [...new Set([0, ...cuts.filter((cut) => cut < text.length), text.length])].toSorted(
        (a, b) => a - b,
      );
      const seen: string[] = [];
      try {
        for (const [index, edge] of edges.slice(1).entries())
          for (const { lines } of say(text.slice(edges[index], edge))) seen.push(lines.join("|"));
      } catch (error) {
        assert.ok(error instanceof ProtocolError);
        seen.push(error.message);
      }
      // Broken by more than line ends, the secret is another text.
      for (const one of seen) assert.doesNotMatch(one, /correct(?: |\s*\|[\s|]*(?:5\.7\.8 )?\s*)horse-7/);
    }),
    { numRuns: 1_000 },
  );
});
