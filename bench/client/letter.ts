/** The message that every client sends, as facts for each library's own API, or ready-made. */
import { readFileSync } from "node:fs";

/** The size and shape of a scenario's messages. */
export interface LetterPlan {
  readonly recipients: number;
  /** Octets of text, rounded to whole lines. */
  readonly text: number;
  /** Octets of an attachment in memory. */
  readonly attachment?: number;
  /** The path of a file to attach. */
  readonly file?: string;
}

export interface Letter {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly attachment: { readonly name: string; readonly content: Buffer } | undefined;
  readonly file: { readonly name: string; readonly path: string } | undefined;
}

/** Each letter has its own subject, so that no library can send the last one again. */
export function createWriter(plan: LetterPlan): (index: number) => Letter {
  const to = Array.from({ length: plan.recipients }, (_, index) => `recipient-${index}@example.org`);
  const text = LINE.repeat(Math.round(plan.text / LINE.length));
  const attachment =
    plan.attachment === undefined ? undefined : { name: "plan.bin", content: mixedOctets(plan.attachment) };
  const file = plan.file === undefined ? undefined : { name: "film.bin", path: plan.file };
  return (index) => ({ from: SENDER, to, subject: `Report number ${index}`, text, attachment, file });
}

/** Octets that cannot be compressed and are the same in every run. */
export function mixedOctets(size: number): Buffer {
  const octets = Buffer.allocUnsafe(size);
  let state = 42;
  for (let index = 0; index < size; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    octets[index] = state >>> 24;
  }
  return octets;
}

/** An RFC 5322 message for clients that cannot compose one. */
export function readyMade(letter: Letter): Buffer {
  const header = [
    `From: ${letter.from}`,
    `To: ${letter.to.join(",\r\n ")}`,
    `Subject: ${letter.subject}`,
    `Message-ID: <${letter.subject.replaceAll(" ", "-")}@example.com>`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    "MIME-Version: 1.0",
  ];
  const text = ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 7bit", "", letter.text];
  const part =
    letter.attachment ??
    (letter.file === undefined ? undefined : { name: letter.file.name, content: readFileSync(letter.file.path) });
  if (part === undefined) return Buffer.from([...header, ...text, ""].join("\r\n"));
  const lines = part.content.toString("base64").match(/.{1,76}/g) ?? [];
  const attached = [
    "Content-Type: application/octet-stream",
    "Content-Transfer-Encoding: base64",
    `Content-Disposition: attachment; filename="${part.name}"`,
    "",
    ...lines,
  ];
  const opening = [...header, 'Content-Type: multipart/mixed; boundary="part"', "", "--part"];
  return Buffer.from([...opening, ...text, "--part", ...attached, "--part--", ""].join("\r\n"));
}

const SENDER = "reports@example.com";
const LINE = "A line of text such as people write: it says little, but says it nicely.\r\n";
