/** Hostile texts of any length: runs, and alternations that make a pattern or a loop backtrack. */

/** A repeated unit, with what stands before and after it. */
interface Shape {
  readonly unit: string;
  readonly before?: string;
  readonly after?: string;
}

const RUNS = Array.from(' \t\n\r.,:@<(["\\=-%a0\0\u00fc\u{1f600}');
const ALTERNATIONS = [
  'a"',
  '"a;',
  '\\"',
  "a.",
  "a,",
  "a=b;",
  "<a@b.c>, ",
  "((a) ",
  "\r\n",
  "a: b\r\n",
  "a\n b\n",
  "250-a\r\n",
  "250 a\r\n",
  "YWFh",
  "=?utf-8?q?a?=",
  "%40",
  "<!--",
  "://:",
  "-----BEGIN CERTIFICATE-----",
  "a = 1\n",
  '<outgoingServer type="smtp">',
  "<port> ",
  "a r=b,s=c,i=1,",
];

export const shapes: readonly Shape[] = [
  ...[...RUNS, ...ALTERNATIONS].map((unit) => ({ unit })),
  // Begins and ends like a valid text, so that it is not refused at its first character.
  ...["a", " "].flatMap((unit) => [
    { unit, before: '"', after: '"@example.org' },
    { unit, before: "[IPv6:", after: "]" },
    { unit, before: "<", after: "> <a@example.org>" },
    { unit, before: "submission://", after: "@example.org:x" },
    { unit, before: "250-", after: "\r\n" },
    { unit, before: "MAIL FROM:<", after: ">x" },
  ]),
  { unit: "a;", before: 'a = "', after: '"\n' },
  { unit: "a\n", before: 'a = """', after: '"""\n' },
  { unit: "1,\n", before: "a = [", after: "]\n" },
  { unit: "a.", after: "a = 1\n" },
  { unit: '{"a":', after: "1" },
  { unit: '"a":1,', before: "{", after: '"b":2}' },
  { unit: "a: b\r\n", after: "\r\nbody" },
];

/** At most `length` long, in whole units: if a short text ended in another way than a long one, they could take different paths. */
export function hostileText({ unit, before = "", after = "" }: Shape, length: number): string {
  const room = Math.max(0, length - before.length - after.length);
  return before + unit.repeat(Math.floor(room / unit.length)) + after;
}

const FIRST = 100_000;

/** Lines of one kind, each with another name: a table of names grows with them. */
export function distinctLines(write: (index: number) => string, length: number): string {
  const lines: string[] = [];
  for (let size = 0; size < length;) {
    // All lines have the same length, so that the number of digits does not matter.
    const line = write(FIRST + lines.length);
    lines.push(line);
    size += line.length;
  }
  return lines.join("");
}

/** `key=value`, `key = value`, `key value`, `key: value`, each time with another key. */
export const numbered: readonly ((index: number) => string)[] = [
  (index) => `k${index} = ${index}\n`,
  (index) => `k${index} v\n`,
  (index) => `K${index}: v\r\n`,
  (index) => `same: ${index}\r\n`,
  (index) => `250-K${index} V\r\n`,
  (index) => `<a${index}@b.example>, `,
  (index) => `[accounts.a${index}]\nk = 1\n`,
  (index) => `account a${index}\nk${index} v\n`,
];
