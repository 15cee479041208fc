/** Addresses with names, as `to` takes them. RFC 5322 section 3.4 decides what is right: is it one mailbox, and which? */
import type { Verdict } from "../difference.ts";

export interface NamedCase {
  readonly id: string;
  readonly text: string;
  readonly right: Verdict;
}

/** The mailbox of every case that has one. */
export const MAILBOX = "b@example.org";

type Row = readonly [id: string, text: string];

function group(name: string, right: Verdict, rows: readonly Row[]): readonly NamedCase[] {
  return rows.map(([id, text]) => ({ id: `named/${name}/${id}`, text, right }));
}

export const namedCases: readonly NamedCase[] = [
  ...group("phrase", "accepted", [
    ["none", "b@example.org"],
    ["angle-brackets-alone", "<b@example.org>"],
    ["one-word", "Bob <b@example.org>"],
    ["two-words", "Bob Smith <b@example.org>"],
    ["no-space-before-the-bracket", "Bob<b@example.org>"],
    ["spaces-to-spare", "Bob   Smith   <b@example.org>"],
    ["atext", "Bob+Smith! <b@example.org>"],
    ["UTF-8", "Jürgen Müller <b@example.org>"],
    ["chinese", "王小明 <b@example.org>"],
    ["apostrophe", "Bob O'Neil <b@example.org>"],
    ["hyphen", "Anne-Marie <b@example.org>"],
    ["obsolete-dot", "J. Bob <b@example.org>"],
  ]),
  ...group("quoted", "accepted", [
    ["plain", '"Bob" <b@example.org>'],
    ["comma", '"Smith, Bob" <b@example.org>'],
    ["escaped-quote", '"Bob \\"B\\" Smith" <b@example.org>'],
    ["escaped-backslash", '"Bob \\\\ Smith" <b@example.org>'],
    ["at", '"bob@home" <b@example.org>'],
    ["angle-brackets", '"<Bob>" <b@example.org>'],
    ["another-address", '"a@example.org" <b@example.org>'],
    ["semicolon-and-colon", '"Team: Bob;" <b@example.org>'],
    ["parentheses", '"Bob (home)" <b@example.org>'],
    ["empty", '"" <b@example.org>'],
    ["two-quoted-words", '"Bob" "Smith" <b@example.org>'],
    ["quoted-and-plain", '"Bob" Smith <b@example.org>'],
    ["plain-and-quoted", 'Bob "B" Smith <b@example.org>'],
  ]),
  ...group("comment", "accepted", [
    ["after", "b@example.org (Bob)"],
    ["before", "(Bob) b@example.org"],
    ["in-the-name", "Bob (home) <b@example.org>"],
    ["in-the-brackets", "Bob <b@example.org (home)>"],
    ["in-another", "Bob <b@example.org> (a (b) c)"],
    ["with-an-address", "b@example.org (a@example.org)"],
  ]),
  ...group("folding", "accepted", [
    ["after-the-name", "Bob\r\n <b@example.org>"],
    ["in-the-brackets", "Bob < b@example.org >"],
    ["obsolete-around-the-at", "Bob <b @ example.org>"],
    ["tab", "Bob\t<b@example.org>"],
  ]),
  ...group("obsolete", "accepted", [
    ["source-route", "Bob <@relay.example:b@example.org>"],
    ["empty-list-element-after", "b@example.org,"],
  ]),
  ...group("encoded", "accepted", [["word", "=?utf-8?q?Bob?= <b@example.org>"]]),
  ...group("several", "refused", [
    ["comma", "a@example.org, b@example.org"],
    ["comma-with-names", "Ann <a@example.org>, Bob <b@example.org>"],
    ["semicolon", "a@example.org; b@example.org"],
    ["space", "a@example.org b@example.org"],
    ["name-that-is-an-address", "a@example.org <b@example.org>"],
    ["two-in-brackets", "Bob <a@example.org, b@example.org>"],
    ["two-bracketed", "Bob <a@example.org> <b@example.org>"],
    ["group", "Team: a@example.org, b@example.org;"],
    ["group-of-one", "Team: b@example.org;"],
    ["group-of-none", "undisclosed-recipients:;"],
    ["comma-unquoted", "Smith, Bob <b@example.org>"],
  ]),
  ...group("broken", "refused", [
    ["empty", ""],
    ["name-alone", "Bob"],
    ["brackets-alone", "<>"],
    ["null-path-with-a-name", "Bob <>"],
    ["open-bracket", "Bob <b@example.org"],
    ["closed-bracket", "Bob b@example.org>"],
    ["text-after", "Bob <b@example.org> Smith"],
    ["open-quote", '"Bob <b@example.org>'],
    ["open-comment", "Bob (home <b@example.org>"],
    ["nested-brackets", "Bob <<b@example.org>>"],
    ["CRLF-and-a-field", "Bob <b@example.org>\r\nBcc: a@example.org"],
    ["bare-LF", "Bob\n<b@example.org>"],
    ["NUL", "Bob\0 <b@example.org>"],
    ["half-a-pair", "B\u{d800} <b@example.org>"],
    ["C1-control", "B\u{9b}31m <b@example.org>"],
    ["line-separator", "Bob\u{2028}Bcc: a@example.org <b@example.org>"],
  ]),
  // RFC 6532 allows every code point, but a reader of these sees another name.
  ...group("trap", "accepted", [["right-to-left-override", "Bob \u{202e}moc.live <b@example.org>"]]),
];
