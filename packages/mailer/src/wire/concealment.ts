/**
 * The one place that decides how much of a server's words may be shown: it knows a mailer's secrets, and strikes them out.
 *
 * A mailer has one list for all of its connections, since a server may repeat a secret on the next one, in its greeting
 * or before TLS. Errors, events, traces, receipts and JSON hold only text that has passed through here.
 */

/** Each login by SCRAM or CRAM-MD5 adds a proof, so the oldest is forgotten. The password is never the oldest: each login adds it anew. */
const MOST_SECRETS = 32;
/** A shorter piece of a secret occurs in too many words. */
const SHORTEST_PIECE = 4;
const STRUCK = "[secret]";
/** What each line of a reply repeats: the reply code and the enhanced status code (RFC 2034 section 4). */
const PREFIX = /^(?:[2-5]\d\d[ -])?(?:[245]\.\d{1,3}\.\d{1,3}(?: |$))?/;

type Range = readonly [from: number, to: number];
const NOWHERE: readonly Range[] = [];

export class Concealment {
  /** Each secret's forms by the first of them, the latest secret last. */
  readonly #secrets = new Map<string, readonly string[]>();
  #forms: Forms = formsTogether([]);
  /** The forms without white space: a line break may stand in its place. */
  #looseForms: Forms = formsTogether([]);
  #revision = 0;

  /** Grows with each new secret: text that an earlier revision passed must be passed again. */
  get revision(): number {
    return this.#revision;
  }

  /** From now on, strikes out one secret in all the forms that a server may say it in. */
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

  /** The lines of one reply without secrets, including a secret that continues in the next line. The same array if there is none. */
  strikeLines(lines: readonly string[]): readonly string[] {
    if (this.#forms.each.length === 0) return lines;
    if (lines.length === 1) return cut(lines, rangesOf(this.#forms, lines[0] ?? ""));
    return cut(lines, [
      ...rangesOf(this.#forms, lines.join("")),
      // defence: secret-in-several-lines
      ...rangesAcross(this.#looseForms, lines),
    ]);
  }

  /** At most `most` characters of an incomplete reply, without secrets, and without the piece of one that it may end with. */
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
  /** Matches any of them. One search is as fast for a hundred forms as for one, and nearly every reply needs no more. */
  readonly any: RegExp;
}

function formsTogether(each: readonly string[]): Forms {
  const literals = each.map((form) => form.replace(/[^A-Za-z0-9]/g, (character) => `\\u${hexOf(character)}`));
  return { each, any: new RegExp(literals.join("|")) };
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, "0");
}

/** Where the text holds one of the forms. */
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

/** Where the lines hold one of the forms, if they are read as one text without white space and without the codes that each line repeats. */
function rangesAcross(forms: Forms, lines: readonly string[]): readonly Range[] {
  const bare = lines.map((line) => line.replace(PREFIX, ""));
  const text = bare.join("").replace(/\s/g, "");
  const found = rangesOf(forms, text);
  if (found.length === 0) return NOWHERE;
  // For each character: its position in the lines, and where its line begins.
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
      // One range for each line, so that the code of the next line stays.
      if (at + 1 < to && starts[at + 1] === starts[at]) continue;
      ranges.push([positions[begun] ?? 0, (positions[at] ?? 0) + 1]);
      begun = at + 1;
    }
  }
  return ranges;
}

/** The lines with a mark in place of each range. Ranges count through all lines as if they were one text. */
function cut(lines: readonly string[], ranges: readonly Range[]): readonly string[] {
  if (ranges.length === 0) return lines;
  const whole = merged(ranges);
  let start = 0;
  return lines.map((line) => {
    const end = start + line.length;
    let done = start;
    let shown = "";
    for (const [from, to] of whole) {
      if (to <= start || from >= end) continue;
      shown += line.slice(done - start, Math.max(from, start) - start) + STRUCK;
      done = Math.min(to, end);
    }
    shown += line.slice(done - start);
    start = end;
    return shown;
  });
}

/** In order and without overlaps. */
function merged(ranges: readonly Range[]): readonly Range[] {
  const whole: [number, number][] = [];
  for (const [from, to] of ranges.toSorted(([one], [other]) => one - other)) {
    const last = whole.at(-1);
    if (last === undefined || from >= last[1]) whole.push([from, to]);
    else last[1] = Math.max(last[1], to);
  }
  return whole;
}
