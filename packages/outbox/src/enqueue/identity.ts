/** The ids of messages. One with a key has the same id wherever the key is used, so no one has to read it back. */
import { createHash, randomBytes } from "node:crypto";
import { refusal } from "../options.ts";

const LONGEST_KEY = 256;

/** A UUID of version 7 (RFC 9562 section 5.7): ids sort by time. */
export function newId(now: number): string {
  const octets = randomBytes(16);
  octets.writeUIntBE(now, 0, 6);
  return format(octets, 7);
}

/** A UUID of version 8 (RFC 9562 section 5.8), made from the key. */
export function idOfKey(key: string): string {
  return format(createHash("sha256").update(`postseal outbox key\0${key}`).digest().subarray(0, 16), 8);
}

/** Throws `InputError`. */
export function readKey(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given === "string" && given !== "" && given.length <= LONGEST_KEY && given.isWellFormed()) return given;
  throw refusal("key", `must be a text of 1 to ${LONGEST_KEY} characters`);
}

function format(octets: Buffer, version: number): string {
  octets[6] = ((octets[6] ?? 0) & 0x0f) | (version << 4);
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
  const hex = octets.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
