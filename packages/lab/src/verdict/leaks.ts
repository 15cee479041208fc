/** Finds the canaries on a channel: as they are, inside base64, and as the digest or proof that a mechanism makes of the password. */
import { createHmac } from "node:crypto";
import type { Canaries } from "./canary.ts";

/** A place in everything that the client said on the channel: from the character `from` up to, but not including, `to`. */
export interface Leak {
  readonly from: number;
  readonly to: number;
  readonly what: Leaked;
}

export type Leaked = keyof Canaries | "CRAM-MD5 digest of the password" | "SCRAM proof of the password";

/** `client` and `server`: all that each said, as latin1. Returns the leaks in the order of the text, each once. */
export function findLeaks(
  { client, server }: { readonly client: string; readonly server: string },
  canaries: Canaries,
): readonly Leak[] {
  const words = wordsOf(canaries, challengesIn(server));
  const found = [
    ...findWords(client, words),
    ...unfolded(client).flatMap(({ text, places }) => findWords(text, words).map((leak) => placed(leak, places))),
    ...base64In(client).flatMap(({ text, places }) =>
      [...findWords(text, words), ...findProof(text)].map((leak) => placed(encoded(leak), places)),
    ),
  ];
  const leaks = new Map(found.map((leak) => [Object.values(leak).join(), leak]));
  return [...leaks.values()].toSorted((one, other) => one.from - other.from || one.to - other.to);
}

type Words = readonly (readonly [word: string, what: Leaked])[];

function wordsOf(canaries: Canaries, challenges: readonly Buffer[]): Words {
  const { password, username, body, sender, recipient } = canaries;
  return [
    [password, "password"],
    [username, "username"],
    [body, "body"],
    [sender, "sender"],
    [recipient, "recipient"],
    // CRAM-MD5 (RFC 2195): with a digest and its challenge, an attacker can guess the password offline.
    ...challenges.map((challenge): Words[number] => [
      createHmac("md5", password).update(challenge).digest("hex"),
      "CRAM-MD5 digest of the password",
    ]),
  ];
}

function challengesIn(server: string): readonly Buffer[] {
  return [...server.matchAll(/^334 (\S+)/gm)].map(([, challenge = ""]) => Buffer.from(challenge, "base64"));
}

function findWords(text: string, words: Words): readonly Leak[] {
  return words.flatMap(([word, what]) => {
    const found: Leak[] = [];
    for (let from = text.indexOf(word); from !== -1; from = text.indexOf(word, from + word.length))
      found.push({ from, to: from + word.length, what });
    return found;
  });
}

/** The proof in the client's final SCRAM message (RFC 5802 section 7): the attacker chose the salt, and can guess the password offline. */
function findProof(text: string): readonly Leak[] {
  const proof = /^c=[^,]*,r=[^,]+(?:,[^,]+)*?,(p=[A-Za-z0-9+/=]+)$/.exec(text)?.[1];
  return proof === undefined
    ? []
    : [{ from: text.length - proof.length, to: text.length, what: "SCRAM proof of the password" }];
}

/** The text read in another way: decoded, or unfolded. */
interface Reading {
  readonly text: string;
  /** Where each character comes from in what the client said. */
  readonly places: readonly number[];
}

/** Without the line ends that quoted-printable adds (RFC 2045 section 6.7). */
function unfolded(text: string): readonly Reading[] {
  const folds = new Set([...text.matchAll(/=\r\n/g)].flatMap(({ 0: fold, index }) => placesFrom(index, fold)));
  return folds.size === 0
    ? []
    : [
        readingAt(
          text,
          placesFrom(0, text).filter((place) => !folds.has(place)),
        ),
      ];
}

/** A run of base64 over any number of lines; its first line may begin, and its last may end, with something else. */
const BASE64 = /[A-Za-z0-9+/]+(?:\r?\n[A-Za-z0-9+/]+)*/g;
/** A shorter run holds no canary. */
const SHORTEST = 6;

/** Decodes each run, and each of its lines too, from every place where a group of four may begin. */
function base64In(text: string): readonly Reading[] {
  return [...text.matchAll(BASE64)].flatMap(({ 0: run, index }) => {
    const lines = [...run.matchAll(/[A-Za-z0-9+/]+/g)].map((line) => placesFrom(index + line.index, line[0]));
    return (lines.length > 1 ? [lines.flat(), ...lines] : lines)
      .filter((places) => places.length >= SHORTEST)
      .flatMap((places) => [0, 1, 2, 3].map((skipped) => readingAt(text, places.slice(skipped))))
      .map((reading) => ({ ...reading, text: Buffer.from(reading.text, "base64").toString("latin1") }));
  });
}

function placesFrom(start: number, part: string): readonly number[] {
  return Array.from({ length: part.length }, (_, at) => start + at);
}

function readingAt(text: string, places: readonly number[]): Reading {
  return { places, text: places.map((place) => text.charAt(place)).join("") };
}

/** The base64 characters that hold any bit of the leak: each holds six bits of the octets. */
function encoded({ from, to, what }: Leak): Leak {
  return { from: Math.floor((from * 8) / 6), to: Math.ceil((to * 8) / 6), what };
}

function placed({ from, to, what }: Leak, places: readonly number[]): Leak {
  const first = places[from] ?? 0;
  return { from: first, to: (places[to - 1] ?? first) + 1, what };
}
