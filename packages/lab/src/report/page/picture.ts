/** A connection as the page draws it: pieces that trickled in are joined, and base64 that leaked is decoded. */
import type { ConnectionRecord, EntryRecord } from "../report.ts";
import { visible } from "../visible-text.ts";
import type { Pool } from "./pool.ts";

/** `entries`: places in the pool. `tls`: empty if there was none. */
export type ConnectionPicture = readonly [
  handshake: ConnectionRecord["handshake"],
  tls: string,
  entries: readonly number[],
  omitted: number,
];

/** `text`: a place in the pool. `what`: `c` the client in the clear, `C` the client inside TLS, `s` and `S` the server. */
export type EntryPicture = readonly [
  what: "c" | "C" | "s" | "S",
  text: number,
  pieces: number,
  leaks: readonly (readonly [from: number, to: number, what: string])[],
  decoded: readonly string[],
];

export interface Pools {
  readonly texts: Pool<string>;
  readonly entries: Pool<EntryPicture>;
}

export function picture({ handshake, tls, entries, omitted }: ConnectionRecord, pools: Pools): ConnectionPicture {
  const turns = turnsOf(entries).map(({ pieces, entry }) => {
    const { by, channel, text, leaks } = entry;
    const what = by === "client" ? (channel === "clear" ? "c" : "C") : channel === "clear" ? "s" : "S";
    return pools.entries.add([
      what,
      pools.texts.add(text),
      pieces,
      leaks.map((leak) => [leak.from, leak.to, visible(leak.what)]),
      decodedIn(entry),
    ]);
  });
  return [handshake, tls === undefined ? "" : visible(`${tls.protocol}, ${tls.cipherSuite}`), turns, omitted];
}

interface Turn {
  readonly entry: EntryRecord;
  readonly pieces: number;
}

/** From this many pieces on, they are shown as one. With fewer, the place where a segment ended is part of the attack. */
const MANY = 4;

function turnsOf(entries: readonly EntryRecord[]): readonly Turn[] {
  const [first] = entries;
  if (first === undefined) return [];
  const end = entries.findIndex(({ by, channel }) => by !== first.by || channel !== first.channel);
  const own = end === -1 ? entries : entries.slice(0, end);
  const turns = own.length < MANY ? own.map((entry) => ({ entry, pieces: 1 })) : [join(own, first)];
  return [...turns, ...turnsOf(entries.slice(own.length))];
}

function join(pieces: readonly EntryRecord[], { by, channel }: EntryRecord): Turn {
  let text = "";
  const leaks: EntryRecord["leaks"][number][] = [];
  for (const piece of pieces) {
    for (const { from, to, what } of piece.leaks) {
      const last = leaks.at(-1);
      const start = from + text.length;
      // Joins a leak that was cut into pieces.
      if (last?.to === start && last.what === what && from === 0)
        leaks.splice(-1, 1, { ...last, to: to + text.length });
      else leaks.push({ from: start, to: to + text.length, what });
    }
    text += piece.text;
  }
  return { entry: { by, channel, text, leaks }, pieces: pieces.length };
}

/** Every run of base64 that holds a leak, decoded, if the result is readable. */
function decodedIn({ text, leaks }: EntryRecord): readonly string[] {
  const runs = [...text.matchAll(/[A-Za-z0-9+/]{6,}={0,2}/g)].filter(({ 0: run, index }) =>
    leaks.some(({ from, to }) => from < index + run.length && to > index),
  );
  const decoded = runs.map(([run]) => Buffer.from(run, "base64").toString("latin1"));
  // A word that merely looks like base64 decodes to characters that no login has.
  return [...new Set(decoded)].filter((words) => /^[\0\u0001\u0020-\u007e]+$/.test(words)).map(spell);
}

/** Spells out NUL and the octet 1, which separate the parts of a login (RFC 4616, RFC 7628). */
function spell(words: string): string {
  return words.replaceAll("\0", String.raw`\0`).replaceAll("\u0001", String.raw`\x01`);
}
