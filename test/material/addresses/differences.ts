/** The differences between RFC 5321, RFC 6531 and Postseal. README.md says how to read them. */
import type { Difference } from "../difference.ts";

export const differences: readonly Difference[] = [
  {
    verdict: "refused",
    why: "Decision 9: a quoted local part contains nothing that would be read differently once the quotes are lost.",
    ids: [
      "quoted/at",
      "quoted/comma",
      "quoted/angle-brackets",
      "quoted/parentheses",
      "quoted/colon-and-semicolon",
      "quoted/brackets",
      "quoted/escaped-quote",
      "quoted/escaped-backslash",
      'isemail/rfc5321QuotedString/"\\"\\\\\\"\\"@iana.org"',
      'isemail/rfc5321QuotedString/"\\"\\\\\\\\\\"@iana.org"',
    ],
  },
  {
    verdict: "refused",
    why: "Decision 9: one mailbox has one spelling, so needless quotes and escapes are refused, and spaces stand alone between other characters.",
    ids: [
      "quoted/needless",
      "quoted/empty",
      "quoted/space-alone",
      "quoted/space-first",
      "quoted/two-spaces",
      "quoted/escaped-letter",
      'isemail/rfc5321QuotedString/"\\"test\\"@iana.org"',
      'isemail/rfc5321QuotedString/"\\"\\"@iana.org"',
      'isemail/rfc5321QuotedString/"\\"\\\\a\\"@iana.org"',
      'isemail/rfc5321QuotedString/"\\"test\\\\ test\\"@iana.org"',
    ],
  },
  {
    verdict: "refused",
    why: "A local part that is not ASCII contains no space, quoted or not: a reader cannot distinguish the kinds of spaces.",
    ids: ["quoted/UTF-8"],
  },
  {
    verdict: "refused",
    why: "Other programs normalise it into a delimiter, or do not show it, so it is another mailbox to them.",
    ids: [
      "unicode-trap/full-width-at",
      "unicode-trap/full-width-comma",
      "unicode-trap/full-width-quote",
      "unicode-trap/small-angle-bracket",
      "unicode-trap/no-break-space",
      "unicode-trap/ideographic-space",
      "unicode-trap/zero-width-space",
      "unicode-trap/soft-hyphen",
      "unicode-trap/right-to-left-override",
      "unicode-trap/byte-order-mark",
      "unicode-trap/tag-letter",
    ],
  },
  {
    verdict: "accepted",
    why: "Decision 9: 64 octets are what every server has to take of a local part. VERP, SRS and reply tokens have more, and the server judges.",
    ids: [
      "dot-string/65-octets",
      "dot-string/65-octets-in-33-letters",
      "quoted/65-octets",
      'isemail/rfc5322LocalTooLong/"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghiklmn@iana.org"',
      'isemail/rfc5322LocalTooLong/"\\"abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz abcdefghj\\"@iana.org"',
    ],
  },
  {
    verdict: "refused",
    why: "A domain whose last label is a number is refused: a resolver takes it for an IPv4 address.",
    ids: ['isemail/rfc5321TLDNumeric/"test@iana.123"', 'isemail/rfc5321TLDNumeric/"test@255.255.255.255"'],
  },
  {
    verdict: "refused",
    why: "The grammar allows it, but nobody has registered a tag for the general form, and some programs read numbers with leading zeros as octal.",
    ids: ["literal/general", "literal/IPv4-leading-zeros"],
  },
  {
    verdict: "refused",
    why: "Decision 9: no comments, because one reader skips their text and another takes it for an address.",
    ids: ["after", "before", "in-the-name", "in-the-brackets", "in-another", "with-an-address"].map(
      (id) => `named/comment/${id}`,
    ),
  },
  {
    verdict: "refused",
    why: "A name is quoted as a whole or not at all, so that its end is clear.",
    ids: ["named/quoted/two-quoted-words", "named/quoted/quoted-and-plain", "named/quoted/plain-and-quoted"],
  },
  {
    verdict: "refused",
    why: "An option is one line, folded by Postseal alone: no line breaks, no tabs, no spaces inside the mailbox.",
    ids: [
      "named/folding/after-the-name",
      "named/folding/in-the-brackets",
      "named/folding/obsolete-around-the-at",
      "named/folding/tab",
    ],
  },
  {
    verdict: "refused",
    why: "RFC 5322 section 4 forbids writing obsolete forms: a source route names two servers, and a comma begins another address.",
    ids: ["named/obsolete/source-route", "named/obsolete/empty-list-element-after"],
  },
  {
    verdict: "refused",
    why: "It reorders the characters that a reader sees after it.",
    ids: ["named/trap/right-to-left-override"],
  },
];
