/** Which mailboxes an envelope may hold, and which it refuses: threats F. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InputError } from "../errors/input-error.ts";
import { parseMailbox } from "./mailbox.ts";

const refused = { code: "MAIL_INPUT_ADDRESS" };

function isRefused(text: string): void {
  assert.throws(() => parseMailbox(text, "to"), refused, JSON.stringify(text));
}

for (const text of [
  "alice@example.org",
  "o'brien+tag@sub.example.org",
  "a@localhost",
  "!#$%&'*+-/=?^_`{|}~@example.org",
  '"john..doe"@example.org',
  '".john."@example.org',
  '"john doe"@example.org',
  "a@[192.0.2.1]",
  "a@[IPv6:2001:db8::1]",
  "a@[IPv6:::ffff:192.0.2.1]",
  "a@[IPv6:1:2:3:4:5:6::]",
  "a@[IPv6:1:2:3:4::192.0.2.1]",
  "a@xn--mnchen-3ya.de",
  `${"l".repeat(64)}@example.org`,
  // Bounce, forwarding and reply addresses of real services: the server judges (RFC 5321 section 4.5.3.1).
  `${"l".repeat(65)}@example.org`,
  `bounces+${"4f".repeat(30)}-bob=example.org@news.example.com`,
  `SRS0=Hh8=${"t".repeat(60)}=example.net=alice@forward.example.org`,
  `${"ü".repeat(33)}@example.org`,
  `"john..${"d".repeat(70)}"@example.org`,
  `${"l".repeat(242)}@example.org`,
]) {
  test(`${text} is accepted as a mailbox, unchanged`, () => {
    assert.equal(parseMailbox(text, "to").text, text);
  });
}

test("a U-label becomes an A-label", () => {
  assert.equal(parseMailbox("a@München.de", "to").text, "a@xn--mnchen-3ya.de");
  assert.equal(parseMailbox("a@faß.de", "to").text, "a@xn--fa-hia.de");
});

test("a local part that is not ASCII needs SMTPUTF8, and a domain does not", () => {
  assert.equal(parseMailbox("ü@example.org", "to").utf8, true);
  assert.equal(parseMailbox("u@ü.example", "to").utf8, false);
});

for (const [danger, text] of Object.entries({
  "CR and LF": "b@x>\r\nRCPT TO:<e@e",
  "an ESMTP parameter": "b@x.example> NOTIFY=NEVER",
  NUL: "a\0@example.org",
  "a bare LF": "a@example.org\n",
  "angle brackets": "<a@example.org>",
  "a source route": "@relay.example:a@example.org",
  "a second address in quotes": '"x@gmail.com x"@internal.example',
  "a delimiter in quotes": '"a<b>"@example.org',
  "an escaped character": '"a\\@b"@example.org',
  "quotes that are not needed": '"alice"@example.org',
  "quotes in the middle": 'a"b c"d@example.org',
  "a space": "a b@example.org",
  "two at signs": "a@b@example.org",
  "no local part": "@example.org",
  "no domain": "a@",
  "no at sign": "a",
  "a dot at the end of the local part": "a.@example.org",
  "a dot at the end of the domain": "a@example.org.",
  "an empty label": "a@example..org",
  "an underscore in a domain": "a@ex_ample.org",
  "a hyphen at the edge of a label": "a@-example.org",
  "a label of 64 characters": `a@${"l".repeat(64)}.org`,
  "255 octets, most of them the local part": `${"l".repeat(243)}@example.org`,
  "255 octets in fewer characters": `${"ü".repeat(121)}l@example.org`,
  "more than 254 octets": `a@${"label.".repeat(42)}example`,
  "an IPv4 address without brackets": "a@127.0.0.1",
  "an IPv4 address in hexadecimal": "a@0x7f.0x1",
  "a short IPv4 address": "a@127.1",
  "a full-width IPv4 address": "a@１２７.0.0.1",
  "an address literal out of range": "a@[256.0.0.1]",
  "an IPv6 literal with two gaps": "a@[IPv6:1::2::3]",
  "an IPv6 literal that is too short": "a@[IPv6:1:2]",
  "an IPv6 literal whose gap stands for one group": "a@[IPv6:1:2:3:4:5:6:7::]",
  "an IPv6 literal whose gap stands for one group before its IPv4 address": "a@[IPv6:1:2:3:4:5::192.0.2.1]",
  "a general address literal": "a@[x:y]",
  "an encoded word for a local part": "=?utf-8?q?a=40evil.com?=@example.org",
  "an encoded word in quotes": '"=?utf-8?q?a evil?="@example.org',
  "the beginning of an encoded word": "a=?utf-8?Q?b@example.org",
  "a Kelvin sign in a domain": "a@mai\u212a.org",
  "a capital letter that is not ASCII in a domain": "a@BÜCHER.org",
  "a full-width at sign": "a＠evil.example@example.org",
  "a full-width angle bracket": "a＜b@example.org",
  "a full-width letter in a domain": "a@ｅxample.org",
  "an ideographic full stop in a domain": "a@exämple。org",
  "a percent sign in a domain": "a@ü%41.org",
  "a slash in a domain": "a@ü/b.org",
  "a soft hyphen in a domain": "a@ü\u00adx.org",
  "a zero-width character in a local part": "ad\u200bmin@example.org",
  "an override": "a\u202eb@example.org",
  "half a surrogate pair": "a\ud800@example.org",
})) {
  test(`a mailbox with ${danger} is refused`, () => {
    isRefused(text);
  });
}

for (const [text, cause] of [
  ["a..b@docomo.example", /two dots in a row .*: "a\.\.b"@docomo\.example\.$/],
  ["user.@x.example", /a dot at the edge .*: "user\."@x\.example\.$/],
  [".user@x.example", /a dot at the edge .*: "\.user"@x\.example\.$/],
  [" b@x.example", /white space/],
  ["b@x.example ", /white space/],
  ["mailto:b@x.example", /leave out mailto:/],
  ["a@x.example; b@x.example", /more than one @.* an array/],
  ["a@x.example, b@x.example", /more than one @.* an array/],
  ["a@x.example b@x.example", /more than one @.* an array/],
  ["<b@x.example>", /angle bracket/],
  ["Bob <b@x.example", /angle bracket/],
  ["Bob b@x.example", /Name <local-part@domain>/],
  ["b@", /no domain/],
  ["b@x.example.", /ends with a dot: leave it out/],
  ["b@x..example", /empty label/],
  ["b@例え。テスト", /If you mean "例え\.テスト", write that/],
  ["b@BÜCHER.example", /If you mean "bücher\.example", write that/],
  ["b@ü/b.example", /[^t]\.$/],
  ["b@x.example\t", /holds a tab/],
] as const) {
  test(`${JSON.stringify(text)} is refused with its own cause`, () => {
    assert.throws(() => parseMailbox(text, "to"), { ...refused, message: cause });
  });
}

test("the spelling that an error proposes is accepted", () => {
  for (const text of ["a..b@docomo.example", "user.@x.example", ".user@x.example"]) {
    const proposed = text.replace(/^(.*)@/, '"$1"@');
    assert.equal(parseMailbox(proposed, "to").text, proposed);
  }
  assert.equal(parseMailbox("b@例え.テスト", "to").text, "b@xn--r8jz45g.xn--zckzah");
});

test("no accepted mailbox can end a path or a line", () => {
  const pieces = fc.constantFrom(
    "a",
    "ü",
    "@",
    '"',
    "\\",
    " ",
    ".",
    "<",
    ">",
    "\r",
    "\n",
    "\0",
    "example.org",
    "[127.0.0.1]",
    "＠",
    "%",
    ",",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), fc.string({ unit: "binary" }), (made, any) => {
      for (const text of [made.join(""), `${made.join("")}@example.org`, any, `${any}@example.org`]) {
        try {
          const { text: written } = parseMailbox(text, "to");
          assert.doesNotMatch(written, /[\r\n\0<>\\]/);
          assert.doesNotMatch(written.replace(/^"[^"]*"/, ""), /[\s"]/);
          assert.equal(parseMailbox(written, "to").text, written);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
        }
      }
    }),
  );
});

// With nested quantifiers, 30 letters took 6 seconds, and each further one doubled that.
test("a quoted local part as long as it may be is refused at once", () => {
  for (const unit of ["a", ".", "a.", "a ", "\u{a1}"]) {
    for (const end of [";", " ", " ;", "  a"]) isRefused(`"${unit.repeat(30).slice(0, 58)}${end}"@example.org`);
  }
});

test("a million hostile characters are refused", () => {
  for (const unit of ["a", "a.", '"', "\\", "@", "(", "[", "ü", '"a" ', "a@", "<", " "]) {
    isRefused(unit.repeat(1_000_000));
    isRefused(`${unit.repeat(1_000_000)}@example.org`);
    isRefused(`a@${unit.repeat(1_000_000)}`);
  }
});
