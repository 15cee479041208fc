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

/** `client` and `server`: all that each said, as latin1. Returns the leaks in the order of the text, each once. Linear in its length. */
export function findLeaks(
  { client, server }: { readonly client: string; readonly server: string },
  canaries: Canaries,
): readonly Leak[] {
  const words = wordsOf(canaries, challengesIn(server));
  const folded = without(client, /=\r\n/g);
  const broken = without(client, /\r?\n/g);
  const found = [
    ...findWords(client, words),
    // Without the line ends that quoted-printable adds (RFC 2045 section 6.7).
    ...findWords(folded.text, words).map((leak) => placed(leak, folded)),
    ...findEncoded(client, words),
    ...findEncoded(broken.text, words).map((leak) => placed(leak, broken)),
    ...findProofs(client),
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
  return words.flatMap(([word, what]) => placesOf(text, word).map((from) => ({ from, to: from + word.length, what })));
}

function placesOf(text: string, word: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) places.push(at);
  return places;
}

/** Finds the words in base64, whatever comes before them: the characters that hold any bit of a word. */
function findEncoded(text: string, words: Words): readonly Leak[] {
  return words.flatMap(([word, what]) =>
    [0, 1, 2].flatMap((octetsBefore) => {
      const { characters, before, after } = asBase64(word, octetsBefore);
      return placesOf(text, characters).map((at) => ({
        from: Math.max(0, at - before),
        to: Math.min(text.length, at + characters.length + after),
        what,
      }));
    }),
  );
}

/** The characters that hold bits of the word alone, and how many before and after them hold bits of its neighbours too. */
function asBase64(
  word: string,
  octetsBefore: number,
): { readonly characters: string; readonly before: number; readonly after: number } {
  const octets = Buffer.concat([Buffer.alloc(octetsBefore), Buffer.from(word, "latin1")]);
  const [first, last] = [(octetsBefore * 8) / 6, (octets.length * 8) / 6];
  const characters = octets.toString("base64").slice(Math.ceil(first), Math.floor(last));
  return { characters, before: Math.ceil(first) - Math.floor(first), after: Math.ceil(last) - Math.floor(last) };
}

const BASE64 = /[A-Za-z0-9+/]+/g;
/** The client's final SCRAM message in base64: it begins with `c=`. */
const FINAL_MESSAGE = /^Yz[0-3]/;

/** The proof in the client's final SCRAM message (RFC 5802 section 7): the attacker chose the salt, and can guess the password offline. */
function findProofs(text: string): readonly Leak[] {
  return [...text.matchAll(BASE64)].flatMap(({ 0: encoded, index }) => {
    if (!FINAL_MESSAGE.test(encoded)) return [];
    const message = Buffer.from(encoded, "base64").toString("latin1");
    const proof = /^c=[^,]*,r=[^,]+(?:,[^,]+)*?,(p=[A-Za-z0-9+/=]+)$/.exec(message)?.[1];
    if (proof === undefined) return [];
    const [from, to] = [message.length - proof.length, message.length];
    return [
      {
        from: index + Math.floor((from * 8) / 6),
        to: index + Math.ceil((to * 8) / 6),
        what: "SCRAM proof of the password" as const,
      },
    ];
  });
}

/** A text without some parts of it, and where its characters were. */
interface Shortened {
  readonly text: string;
  /** For each part that is left out: how much of the shortened text is before it, and how much is left out up to there. */
  readonly cuts: readonly { readonly at: number; readonly left: number }[];
}

function without(text: string, parts: RegExp): Shortened {
  const cuts: { at: number; left: number }[] = [];
  let left = 0;
  for (const { 0: part, index } of text.matchAll(parts)) {
    const at = index - left;
    left += part.length;
    cuts.push({ at, left });
  }
  return { text: text.replace(parts, ""), cuts };
}

function placed({ from, to, what }: Leak, { cuts }: Shortened): Leak {
  return { from: placeOf(from, cuts), to: placeOf(to - 1, cuts) + 1, what };
}

function placeOf(at: number, cuts: Shortened["cuts"]): number {
  // The last cut at or before it, by halves.
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle]?.at ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return at + (cuts[low - 1]?.left ?? 0);
}
