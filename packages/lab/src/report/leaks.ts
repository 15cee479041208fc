/** Where on a channel the canaries are: raw, beneath base64, and as what a mechanism makes of a password. */
import { createHmac } from "node:crypto";
import type { Canaries } from "../verdict/canary.ts";

/** From a character to before another, of all that the client said on the channel. */
export interface Leak {
  readonly from: number;
  readonly to: number;
  readonly what: string;
}

/** Both as latin1, joined over the pieces in which they went. In the order of the text, none twice. */
export function findLeaks(
  { client, server }: { readonly client: string; readonly server: string },
  canaries: Canaries,
): readonly Leak[] {
  const words = wordsOf(canaries, challengesIn(server));
  const encoded = runsOf(client).flatMap((run) =>
    [...findWords(run.decoded, words), ...findProof(run.decoded)].map((leak) => encodedAt(leak, run)),
  );
  const leaks = new Map([...findWords(client, words), ...encoded].map((leak) => [Object.values(leak).join(), leak]));
  return [...leaks.values()].toSorted((one, other) => one.from - other.from || one.to - other.to);
}

type Words = readonly (readonly [word: string, what: string])[];

function wordsOf(canaries: Canaries, challenges: readonly Buffer[]): Words {
  const { password, username, body, sender, recipient } = canaries;
  return [
    [password, "password"],
    [username, "username"],
    [body, "body"],
    [sender, "sender"],
    [recipient, "recipient"],
    // CRAM-MD5 (RFC 2195): whoever has a digest and its challenge can try passwords at leisure.
    ...challenges.map((challenge): [string, string] => [
      createHmac("md5", password).update(challenge).digest("hex"),
      "digest of the password",
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

/** The client's last message of SCRAM (RFC 5802 section 7): the attacker chose the salt, and can try passwords at leisure. */
function findProof(text: string): readonly Leak[] {
  const proof = /^c=[^,]*,r=[^,]+(?:,[^,]+)*?,(p=[A-Za-z0-9+/=]+)$/.exec(text)?.[1];
  return proof === undefined
    ? []
    : [{ from: text.length - proof.length, to: text.length, what: "proof of the password" }];
}

interface Base64Run {
  readonly decoded: string;
  /** Where each of its characters is in the text, line ends left out. */
  readonly places: readonly number[];
}

/** Lines that are base64 throughout, but for the last one's end and the first one's beginning. */
const RUN = /[A-Za-z0-9+/]+(?:\r?\n[A-Za-z0-9+/]+)*={0,2}/g;
/** Less than that holds no canary. */
const SHORTEST = 6;

/** Each run of base64, and of one over several lines each line too, from each of the characters at which a group may begin. */
function runsOf(text: string): readonly Base64Run[] {
  return [...text.matchAll(RUN)].flatMap(({ 0: run, index }) => {
    const lines = [...run.matchAll(/[A-Za-z0-9+/]+/g)].map((line) =>
      Array.from(line[0], (_, at) => index + line.index + at),
    );
    const wholes = lines.length > 1 ? [lines.flat(), ...lines] : lines;
    return wholes
      .filter((places) => places.length >= SHORTEST)
      .flatMap((places) => [0, 1, 2, 3].map((skipped) => decode(text, places.slice(skipped))));
  });
}

function decode(text: string, places: readonly number[]): Base64Run {
  const characters = places.map((place) => text.charAt(place)).join("");
  return { places, decoded: Buffer.from(characters, "base64").toString("latin1") };
}

/** A character holds six bits of the octets: those are marked that hold any bit of the leak. */
function encodedAt({ from, to, what }: Leak, { places }: Base64Run): Leak {
  const first = places[Math.floor((from * 8) / 6)] ?? 0;
  const last = places[Math.ceil((to * 8) / 6) - 1] ?? first;
  return { from: first, to: last + 1, what };
}
