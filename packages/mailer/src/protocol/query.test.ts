/** VRFY, EXPN and HELP about what is not ASCII (RFC 6531 sections 3.2 and 3.7.4.2). */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MailError } from "../errors/mail-error.ts";
import { encodeCommand } from "./command.ts";
import { offer } from "./conversation.test.ts";
import { queryCommand } from "./query.ts";

const PEER = "mx.example:587";
const plain = offer("PIPELINING");
const utf8 = offer("SMTPUTF8", "8BITMIME");

function line(verb: "VRFY" | "EXPN" | "HELP" | "NOOP" | "RSET", argument?: string, offered = plain): string {
  return encodeCommand(queryCommand(verb, argument, offered, PEER)).slice(0, -2);
}

test("an ASCII argument is sent as it is written, whatever the server offers", () => {
  for (const offered of [plain, utf8]) {
    assert.equal(line("VRFY", "alice", offered), "VRFY alice");
    assert.equal(line("VRFY", "Alice Smith <alice@x.example>", offered), "VRFY Alice Smith <alice@x.example>");
    assert.equal(line("EXPN", "staff", offered), "EXPN staff");
    assert.equal(line("HELP", "MAIL", offered), "HELP MAIL");
    assert.equal(line("HELP", undefined, offered), "HELP");
    assert.equal(line("NOOP", undefined, offered), "NOOP");
    assert.equal(line("RSET", "ignored", offered), "RSET");
  }
});

test("a domain that is not ASCII is sent as A-labels, which every server knows", () => {
  for (const offered of [plain, utf8]) {
    assert.equal(line("VRFY", "user@åäö.se", offered), "VRFY user@xn--4cab6c.se");
    assert.equal(line("VRFY", "<user@åäö.se>", offered), "VRFY <user@xn--4cab6c.se>");
    assert.equal(line("EXPN", "staff@åäö.se", offered), "EXPN staff@xn--4cab6c.se");
  }
});

test("a name that is not ASCII needs SMTPUTF8, and announces it if it was offered", () => {
  assert.equal(line("VRFY", "jürgen@x.example", utf8), "VRFY jürgen@x.example SMTPUTF8");
  assert.equal(line("VRFY", "Jürgen <j@åäö.se>", utf8), "VRFY Jürgen <j@xn--4cab6c.se> SMTPUTF8");
  assert.equal(line("EXPN", "förening", utf8), "EXPN förening SMTPUTF8");
  for (const argument of ["jürgen@x.example", "Jürgen <j@åäö.se>", "förening"]) {
    assert.throws(() => line("VRFY", argument), {
      name: "CapabilityError",
      code: "MAIL_CAPABILITY_MISSING",
      keyword: "SMTPUTF8",
    });
  }
});

test("a domain that has no A-labels is refused, not sent as it is", () => {
  for (const argument of ["user@a\u{2024}ö.se", "user@ö..se", "user@ö ö.se"]) {
    assert.throws(() => line("VRFY", argument, utf8), { name: "InputError", field: "argument" }, argument);
  }
});

test("half of a surrogate pair, and characters that reorder text, are refused", () => {
  for (const argument of ["j\ud800", "\u202ej@x.example", "j\u2028QUIT"]) {
    assert.throws(() => line("EXPN", argument, utf8), { code: "MAIL_INPUT_OPTION", field: "argument" });
  }
});

test("VRFY and EXPN need an argument, and HELP takes ASCII only", () => {
  assert.throws(() => line("VRFY"), { code: "MAIL_INPUT_OPTION", field: "argument" });
  assert.throws(() => line("EXPN"), { code: "MAIL_INPUT_OPTION", field: "argument" });
  assert.throws(() => line("HELP", "får", utf8), { code: "MAIL_INPUT_OPTION", field: "argument" });
});

test("whatever is asked about, octets over 127 go out only with the SMTPUTF8 parameter, to a server that offered it", () => {
  const piece = fc.constantFrom("a", "ö", "@", ".", "<", ">", " ", "ß", "\u{1f600}", "x.example", "\u00ad");
  const argument = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(piece).map((some) => some.join("")),
  );
  fc.assert(
    fc.property(
      fc.constantFrom("VRFY" as const, "EXPN" as const, "HELP" as const),
      argument,
      fc.boolean(),
      (verb, text, offers) => {
        let written: string;
        try {
          written = line(verb, text, offers ? utf8 : plain);
        } catch (error) {
          assert.ok(error instanceof MailError);
          return;
        }
        if (Buffer.byteLength(written) > written.length) assert.ok(offers && written.endsWith(" SMTPUTF8"), written);
      },
    ),
  );
});
