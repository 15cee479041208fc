/**
 * The one place that decides what may be shown of a server's words: it knows the secrets of a mailer, and strikes them out.
 *
 * A mailer has one list for all of its connections, since a server may say a secret back on the next one, in its greeting
 * or before TLS. Errors, events, traces, receipts and JSON are made of what this has looked through.
 */

/** Each login by SCRAM or CRAM-MD5 adds a proof. The oldest is forgotten; what every login uses again is never the oldest. */
const MOST_SECRETS = 32;
/** A shorter piece of a secret stands in too many words. */
const SHORTEST_PIECE = 4;
const STRUCK = "[secret]";
/** What begins each line of a reply again: its code, and its enhanced code (RFC 2034 section 4). */
const PREFIX = /^(?:[2-5]\d\d[ -])?(?:[245]\.\d{1,3}\.\d{1,3}(?: |$))?/;

type Range = readonly [from: number, to: number];
const NOWHERE: readonly Range[] = [];

export class Concealment {
  /** Each secret by its first form, the latest last. */
  readonly #secrets = new Map<string, readonly string[]>();
  #forms: Forms = formsTogether([]);
  /** The same without white space, which a break between two lines takes the place of. */
  #looseForms: Forms = formsTogether([]);
  #revision = 0;

  /** Grows when there is more to strike out: what was looked through before has to be looked through again. */
  get revision(): number {
    return this.#revision;
  }

  /** Strikes one secret out from now on, in all the forms that it may be said in. */
  add(forms: readonly string[]): void {
    const [first] = forms;
    if (first === undefined) return;
    const isKnown = this.#secrets.delete(first);
    this.#secrets.set(first, forms);
    if (isKnown) return;
    for (const oldest of this.#secrets.keys()) {
      if (this.#secrets.size <= MOST_SECRETS) break;
      this.#secrets.delete(oldest);
    }
    // defence: earlier-secrets-stay-struck-out
    this.#forms = formsTogether([...this.#secrets.values()].flat());
    const loose = this.#forms.each.map((form) => form.replace(/\s/g, ""));
    this.#looseForms = formsTogether([...new Set(loose)].filter((form) => form.length >= SHORTEST_PIECE));
    this.#revision += 1;
  }

  /** The text without secrets. */
  strike(text: string): string {
    return this.strikeLines([text])[0] ?? "";
  }

  /** The lines of one reply without secrets, also where a secret goes on in the next line. The same array where there are none. */
  strikeLines(lines: readonly string[]): readonly string[] {
    if (this.#forms.each.length === 0) return lines;
    if (lines.length === 1) return cut(lines, rangesOf(this.#forms, lines[0] ?? ""));
    return cut(lines, [
      ...rangesOf(this.#forms, lines.join("")),
      // defence: secret-in-several-lines
      ...rangesAcross(this.#looseForms, lines),
    ]);
  }

  /** The beginning of what is no whole reply, without secrets: also without the piece of one that was cut off at the end. */
  excerpt(text: string, most: number): string {
    const whole = this.strikeLines(text.split("\n")).join("\n");
    // defence: piece-at-the-end-is-struck-out
    const piece = this.#pieceAtEnd(whole);
    return (piece === 0 ? whole : whole.slice(0, -piece) + STRUCK).slice(0, most);
  }

  #pieceAtEnd(text: string): number {
    let longest = 0;
    for (const form of this.#forms.each) {
      let length = Math.min(form.length - 1, text.length);
      while (length > longest && !text.endsWith(form.slice(0, length))) length -= 1;
      if (length >= SHORTEST_PIECE) longest = Math.max(longest, length);
    }
    return longest;
  }
}

interface Forms {
  readonly each: readonly string[];
  /** Any of them. One search for all is as fast for a hundred as for one, and nearly every reply is done with it. */
  readonly any: RegExp;
}

function formsTogether(each: readonly string[]): Forms {
  const literals = each.map((form) => form.replace(/[^A-Za-z0-9]/g, (character) => `\\u${hexOf(character)}`));
  return { each, any: new RegExp(literals.join("|")) };
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, "0");
}

/** Where the forms stand in the text. */
function rangesOf({ each, any }: Forms, text: string): readonly Range[] {
  if (!any.test(text)) return NOWHERE;
  const ranges: Range[] = [];
  for (const form of each) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + form.length)) {
      ranges.push([at, at + form.length]);
    }
  }
  return ranges;
}

/** Where the forms stand in the lines, read as one text without white space and without the codes that each line repeats. */
function rangesAcross(forms: Forms, lines: readonly string[]): readonly Range[] {
  const bare = lines.map((line) => line.replace(PREFIX, ""));
  const text = bare.join("").replace(/\s/g, "");
  const found = rangesOf(forms, text);
  if (found.length === 0) return NOWHERE;
  // Of each character: where it stands in the lines, and where its line begins.
  const positions: number[] = [];
  const starts: number[] = [];
  let start = 0;
  for (const [index, line] of lines.entries()) {
    const prefix = line.length - (bare[index] ?? "").length;
    for (let at = prefix; at < line.length; at += 1) {
      if (/\s/.test(line.charAt(at))) continue;
      positions.push(start + at);
      starts.push(start);
    }
    start += line.length;
  }
  const ranges: Range[] = [];
  for (const [from, to] of found) {
    let begun = from;
    for (let at = from; at < to; at += 1) {
      // A range for each line: the code of the next one stays.
      if (at + 1 < to && starts[at + 1] === starts[at]) continue;
      ranges.push([positions[begun] ?? 0, (positions[at] ?? 0) + 1]);
      begun = at + 1;
    }
  }
  return ranges;
}

/** The lines with a mark in the place of each range, which counts through all of them. */
function cut(lines: readonly string[], ranges: readonly Range[]): readonly string[] {
  if (ranges.length === 0) return lines;
  const whole = merged(ranges);
  let start = 0;
  return lines.map((line) => {
    const end = start + line.length;
    let rest = start;
    let shown = "";
    for (const [from, to] of whole) {
      if (to <= start || from >= end) continue;
      shown += line.slice(rest - start, Math.max(from, start) - start) + STRUCK;
      rest = Math.min(to, end);
    }
    shown += line.slice(rest - start);
    start = end;
    return shown;
  });
}

/** In order, and each octet in one alone. */
function merged(ranges: readonly Range[]): readonly Range[] {
  const whole: [number, number][] = [];
  for (const [from, to] of ranges.toSorted(([one], [other]) => one - other)) {
    const last = whole.at(-1);
    if (last === undefined || from >= last[1]) whole.push([from, to]);
    else last[1] = Math.max(last[1], to);
  }
  return whole;
}
