/** What the two stand-ins share: files in the working folder, and a header. */
import { readFileSync } from "node:fs";

export type Pem = "authority" | "chain" | "key";

export function pem(name: Pem): string {
  return readFileSync(`${name}.pem`, "utf8");
}

/** Nodemailer's composer always writes a header, and a message without one is refused. */
export const HEADER = "From: composed@valid.sender\r\n\r\n";
