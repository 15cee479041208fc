/** Reads delivered messages with parsers that are not ours: Python's `email`, and postal-mime. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import path from "node:path";
import { json } from "node:stream/consumers";
import PostalMime, { type Address } from "postal-mime";
import type { Server } from "./roster.ts";
import { poll } from "./servers/poll.ts";

/** What a parser sees in a message. */
export interface Reading {
  readonly subject: string;
  readonly from: readonly Mailbox[];
  readonly to: readonly Mailbox[];
  /** With LF line ends, and without trailing ones. */
  readonly texts: readonly string[];
  readonly attachments: readonly (readonly [filename: string, sha256: string])[];
  readonly defects: readonly string[];
}
type Mailbox = readonly [name: string, address: string];

export function sha256(octets: Uint8Array | string): string {
  return createHash("sha256").update(octets).digest("hex");
}

/** Waits for the delivery of the message with this text. */
export function deliveredWith(server: Server, text: string): Promise<Buffer> {
  return poll(
    async () => {
      const found = (await server.delivered(0)).find((bytes) => Buffer.from(bytes).includes(text));
      return found === undefined ? undefined : Buffer.from(found);
    },
    () => `no message with "${text}" was delivered:\n${server.log()}`,
  );
}

/** The reverse-path that the server wrote into a delivered message. */
export function senderOf(delivered: Buffer): string | undefined {
  const [header = ""] = delivered.toString().split(/\r?\n\r?\n/, 1);
  return /^(?:Return-Path: <|X-MailFrom: |.*\benvelope-from <)([^>\r\n]+)/im.exec(header)?.[1];
}

/** What Python reads, as JSON: the caller compares it with a `Reading`. */
export function readByPython(message: Uint8Array): Promise<unknown> {
  const child = spawn("/usr/bin/python3", [path.join(import.meta.dirname, "read-message.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.on("error", () => {}); // Its output shows then that something went wrong.
  child.stdin.end(message);
  return json(child.stdout);
}

/** postal-mime reports no defects. */
export async function readByPostalMime(message: Uint8Array): Promise<Reading> {
  const mail = await PostalMime.parse(message);
  return {
    subject: mail.subject ?? "",
    from: mailboxes(mail.from === undefined ? [] : [mail.from]),
    to: mailboxes(mail.to ?? []),
    texts: [mail.text, mail.html]
      .filter((body) => body !== undefined)
      .map((body) => body.replaceAll("\r\n", "\n").replace(/\n+$/, "")),
    attachments: mail.attachments.map(({ filename, content }) => [filename ?? "", hashOf(content)]),
    defects: [],
  };
}

function mailboxes(addresses: readonly Address[]): readonly Mailbox[] {
  return addresses.flatMap(({ name, address }): readonly Mailbox[] => (address === undefined ? [] : [[name, address]]));
}

function hashOf(content: ArrayBuffer | Uint8Array | string): string {
  return sha256(typeof content === "string" ? content : new Uint8Array(content));
}
