/** Domain names in the shapes of UTS 46's conformance test: as the host that is dialled, and as the domain of a mailbox. */
import type { Verdict } from "../difference.ts";

export interface NameCase {
  readonly id: string;
  readonly name: string;
  readonly right: Verdict;
  /** What goes over the wire, if not the name itself. */
  readonly form?: string;
  /** The right verdict for a mailbox, if it differs from that for a host. */
  readonly asMailbox?: Verdict;
}

type Row = readonly [id: string, name: string, form?: string];

function accepted(group: string, rows: readonly Row[]): readonly NameCase[] {
  return rows.map(([id, name, form]) => ({
    id: `${group}/${id}`,
    name,
    right: "accepted",
    ...(form === undefined ? {} : { form }),
  }));
}

function refused(group: string, rows: readonly Row[]): readonly NameCase[] {
  return rows.map(([id, name]) => ({ id: `${group}/${id}`, name, right: "refused" }));
}

const A63 = "a".repeat(63);

const plain = accepted("plain", [
  ["letters", "example.com"],
  ["capitals", "EXAMPLE.com"],
  ["digits-first", "1und1.example"],
  ["digits-only-but-the-last", "123.example"],
  ["hyphen-inside", "a-b.example"],
  ["two-hyphens-inside", "a--b.example"],
  ["one-label", "localhost"],
  ["label-of-63", `${A63}.example`],
  ["name-of-253", `${`${A63}.`.repeat(3)}${"a".repeat(61)}`],
  ["last-label-begins-with-a-digit", "example.1a"],
]);

/** The root zone's test domains, and names like RFC 3492's samples. */
const scripts = accepted("script", [
  ["swedish", "åäö.se", "xn--4cab6c.se"],
  ["german", "bücher.example", "xn--bcher-kva.example"],
  ["sharp-s", "faß.de", "xn--fa-hia.de"],
  ["final-sigma", "βόλος.com", "xn--nxasmm1c.com"],
  ["greek", "παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp"],
  ["cyrillic", "пример.рф", "xn--e1afmkfd.xn--p1ai"],
  ["hebrew", "דוגמה.טעסט", "xn--6dbbec0c.xn--deba0ad"],
  ["arabic", "مثال.إختبار", "xn--mgbh0fb.xn--kgbechtv"],
  ["devanagari", "उदाहरण.परीक्षा", "xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g"],
  ["tamil", "உதாரணம்.பரிட்சை", "xn--zkc6cc5bi7f6e.xn--hlcj6aya9esc7a"],
  ["korean", "실례.테스트", "xn--9n2bp8q.xn--9t4b11yi5a"],
  ["japanese", "例え.テスト", "xn--r8jz45g.xn--zckzah"],
  ["chinese-simplified", "中国.中国", "xn--fiqs8s.xn--fiqs8s"],
  ["georgian", "გამარჯობა.example", "xn--lodaadc9cpx9k.example"],
  ["beyond-the-first-plane", "𐌰.example", "xn--ec8c.example"],
  ["emoji", "👋.example", "xn--wp8h.example"],
  ["zero-width-joiner-after-a-virama", "ශ්\u{200d}රී.com", "xn--10cl1a0b660p.com"],
  ["zero-width-non-joiner-between-joining-letters", "نامه\u{200c}ای.com", "xn--mgba3gch31f060k.com"],
  ["a-label-of-63", `${"a".repeat(55)}ö.example`, `xn--${"a".repeat(55)}-npf.example`],
  ["middle-dot-between-two-l", "l·l.cat", "xn--ll-0ea.cat"],
]);

/** Case does not matter in DNS: U-labels in upper case become lower case, as UTS 46 maps them. */
const cases = accepted("case", [
  ["swedish-in-capitals", "ÅÄÖ.SE", "xn--4cab6c.se"],
  ["cyrillic-in-capitals", "ПРИМЕР.рф", "xn--e1afmkfd.xn--p1ai"],
  ["greek-in-capitals", "ΒΌΛΟΣ.com", "xn--nxasmq6b.com"],
  ["capital-sharp-s", "STRA\u{1e9e}E.example", "xn--strae-oqa.example"],
  ["capital-i-with-a-dot", "\u{130}.example", "xn--i-9bb.example"],
]);

/** A name that a normalisation would change is another name, and is refused: decision 9. */
const normalised = refused("normalised", [
  ["decomposed-umlaut", "a\u{308}.example"],
  ["decomposed-hangul", "\u{1112}\u{1161}\u{11ab}.example"],
  ["marks-in-another-order", "a\u{307}\u{323}.example"],
  ["kelvin-sign", "\u{212a}.example"],
  ["kelvin-sign-inside", "ban\u{212a}.example"],
  ["angstrom-sign", "\u{212b}.example"],
  ["ohm-sign", "\u{2126}.example"],
  ["greek-tonos-as-oxia", "\u{1f71}.example"],
  ["compatibility-ideograph", "\u{f900}.example"],
  ["compatibility-ideograph-of-the-second-plane", "\u{2f868}.example"],
  ["ligature", "\u{fb01}nance.example"],
  ["long-s", "\u{17f}.example"],
  ["superscript-two", "h\u{b2}o.example"],
  ["telephone-sign", "\u{2121}.example"],
  ["circled-one", "\u{2460}.example"],
  ["roman-numeral", "\u{2168}.example"],
  ["mathematical-letter", "\u{1d41a}.example"],
  ["full-width-letters", "\u{ff45}xample.com"],
  ["full-width-dot", "example\u{ff0e}com"],
  ["ideographic-full-stop", "example\u{3002}com"],
  ["half-width-ideographic-full-stop", "example\u{ff61}com"],
  ["half-width-katakana", "\u{ff83}\u{ff7d}\u{ff84}.example"],
  ["one-dot-leader", "example\u{2024}com"],
  ["small-full-stop", "example\u{fe52}com"],
  ["full-width-solidus", "example.com\u{ff0f}a"],
  ["full-width-at", "a\u{ff20}example.com"],
  ["full-width-digits", "\u{ff11}\u{ff12}\u{ff17}.0.0.1"],
  ["care-of-sign", "\u{2105}.example"],
]);

const invisible = refused("invisible", [
  ["soft-hyphen", "exam\u{ad}ple.com"],
  ["zero-width-space", "exam\u{200b}ple.com"],
  ["word-joiner", "exam\u{2060}ple.com"],
  ["zero-width-joiner-between-letters", "a\u{200d}b.example"],
  ["zero-width-non-joiner-between-letters", "a\u{200c}b.example"],
  ["variation-selector", "a\u{fe0f}.example"],
  ["combining-grapheme-joiner", "a\u{34f}.example"],
  ["mongolian-vowel-separator", "a\u{180e}.example"],
  ["hangul-filler", "\u{3164}.example"],
  ["right-to-left-override", "\u{202e}elpmaxe.com"],
  ["right-to-left-mark", "exam\u{200f}ple.com"],
  ["tag-letter", "a\u{e0061}.example"],
  ["byte-order-mark", "\u{feff}example.com"],
  ["no-break-space", "exam\u{a0}ple.com"],
  ["ideographic-space", "exam\u{3000}ple.com"],
  ["line-separator", "exam\u{2028}ple.com"],
]);

const impossible = refused("impossible", [
  ["mark-first", "\u{308}a.example"],
  ["mark-first-in-the-second-label", "a.\u{308}b.example"],
  ["unassigned", "\u{378}.example"],
  ["private-use", "\u{e000}.example"],
  ["half-a-pair", "\u{d800}.example"],
  ["no-character", "\u{fffe}.example"],
  ["replacement-character", "\u{fffd}.example"],
  ["control-of-C1", "a\u{85}b.example"],
  ["arabic-and-latin-mixed", "a\u{628}c.example"],
  ["hebrew-after-a-digit", "1\u{5d0}.example"],
  ["hebrew-with-a-latin-tail", "\u{5d0}a.example"],
  ["arabic-and-european-digits-mixed", "\u{628}1\u{661}.example"],
  ["left-to-right-label-with-a-digit-first-beside-hebrew", "0à.\u{5d0}"],
]);

const hyphens = refused("hyphen", [
  ["first", "-a.example"],
  ["last", "a-.example"],
  ["alone", "-.example"],
  ["first-of-a-U-label", "-ö.example"],
  ["last-of-a-U-label", "ö-.example"],
  ["third-and-fourth-of-a-U-label", "ab--ö.example"],
  ["prefix-before-a-U-label", "xn--ö.example"],
]);

const aLabels: readonly NameCase[] = [
  ...accepted("a-label", [
    ["as-it-is", "xn--4cab6c.se"],
    ["in-capitals", "XN--4CAB6C.SE"],
  ]),
  ...refused("a-label", [
    ["of-nothing", "xn--.example"],
    ["of-ASCII", "xn--abc-.example"],
    ["that-is-no-punycode", "xn--a\u{2a}b.example"],
    ["that-ends-too-early", "xn--0.example"],
    ["of-a-disallowed-character", "xn--zn7c.example"],
    ["of-a-decomposed-umlaut", "xn--a-ccb.example"],
    ["of-mixed-directions", "xn--a-0hc.example"],
  ]),
];

const shapes = refused("shape", [
  ["empty", ""],
  ["dot", "."],
  ["leading-dot", ".example.com"],
  ["two-dots", "example..com"],
  ["two-dots-at-the-end", "example.com.."],
  ["label-of-64", `${"a".repeat(64)}.example`],
  ["a-label-of-64", `${"a".repeat(56)}ö.example`],
  ["name-of-256", `${`${A63}.`.repeat(3)}${"a".repeat(64)}`],
  ["space", "exam ple.com"],
  ["space-before", " example.com"],
  ["space-after", "example.com "],
  ["tab", "exam\tple.com"],
  ["CRLF", "example.com\r\nRSET"],
  ["NUL", "example.com\0.attacker.example"],
  ["solidus", "example.com/a"],
  ["backslash", "example.com\\a"],
  ["percent", "exam%70le.com"],
  ["percent-of-a-dot", "example%2ecom"],
  ["at", "a@b@example.com"],
  ["question-mark", "example.com?a"],
  ["number-sign", "example.com#a"],
  ["comma", "a.example,b.example"],
  ["angle-bracket", "example.com>"],
  ["wildcard", "*.example.com"],
  ["exclamation-mark", "a!b.example"],
  ["quote", '"example".com'],
  ["short-IPv4", "127.1"],
  ["hexadecimal-IPv4", "0x7f.0.0.1"],
  ["octal-IPv4", "0177.0.0.1"],
  ["number", "2130706433"],
  ["five-numbers", "1.2.3.4.5"],
  ["last-label-is-a-number", "example.1"],
  ["last-label-is-hexadecimal", "example.0x1f"],
  ["IPv4-out-of-range", "1.2.3.256"],
]);

/** Names that are right only as a host, or only in a mailbox. */
const either: readonly NameCase[] = [
  { id: "either/trailing-dot", name: "example.com.", right: "accepted", form: "example.com", asMailbox: "refused" },
  {
    id: "either/trailing-dot-after-U-labels",
    name: "åäö.se.",
    right: "accepted",
    form: "xn--4cab6c.se",
    asMailbox: "refused",
  },
  { id: "either/underscore", name: "_smtp.example.com", right: "accepted", asMailbox: "refused" },
  { id: "either/IPv4", name: "192.0.2.1", right: "accepted", asMailbox: "refused" },
  { id: "either/IPv4-literal", name: "[192.0.2.1]", right: "refused", asMailbox: "accepted" },
  { id: "either/IPv6-literal", name: "[IPv6:2001:db8::1]", right: "refused", asMailbox: "accepted" },
  { id: "either/name-of-254", name: `${`${A63}.`.repeat(3)}${"a".repeat(62)}`, right: "refused", asMailbox: "refused" },
];

export const nameCases: readonly NameCase[] = [
  plain,
  scripts,
  cases,
  normalised,
  invisible,
  impossible,
  hyphens,
  aLabels,
  shapes,
  either,
].flat();
