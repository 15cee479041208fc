/** What a program on this machine writes to sendmail, as header fields and a body with the line ends of a message. */
import { Buffer } from "node:buffer";

/** Octets as Latin-1, so that nothing is lost. */
export interface Field {
  readonly name: string;
  /** Behind the colon, continuations and all, without the last line end. */
  readonly value: string;
}

export interface Source {
  readonly fields: readonly Field[];
  readonly body: string;
  /** From 1: the line that ended the header although it is neither empty nor a field; `undefined` where there is none. */
  readonly oddLine: number | undefined;
}

/**
 * Lines end with LF or CRLF, one like the other: programs write the header with one and the body with the other, and
 * this is where the line end of this machine becomes that of a message. A CR elsewhere stays, and the library refuses it:
 * whether it ends a line is what two servers could disagree on.
 */
export function parseSource(octets: Uint8Array, dotEnds: boolean): Source {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString("latin1");
  const all = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n").map(withoutReturn);
  const dot = dotEnds ? all.indexOf(".") : -1;
  const lines = dot === -1 ? all : all.slice(0, dot);
  // The first line of a message from a mailbox file: `From alice Tue Nov 24 …`.
  const begin = /^>?From /.test(lines[0] ?? "") ? 1 : 0;
  const { fields, end } = readHeader(lines, begin);
  const oddLine = end < lines.length && lines[end] !== "" ? end + 1 : undefined;
  // A line that is no field and ends the header belongs to the body.
  const body = lines.slice(oddLine === undefined ? end + 1 : end);
  return { fields, body: body.map((line) => `${line}\r\n`).join(""), oddLine };
}

export function formatSource({ fields, body }: Pick<Source, "fields" | "body">): Uint8Array {
  const header = fields.map(({ name, value }) => `${name}:${value}\r\n`).join("");
  return Buffer.from(`${header}\r\n${body}`, "latin1");
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function readHeader(
  lines: readonly string[],
  begin: number,
): { readonly fields: readonly Field[]; readonly end: number } {
  const fields: Field[] = [];
  let end = begin;
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? "";
    const last = fields.at(-1);
    if (last !== undefined && /^[ \t]/.test(line)) {
      fields[fields.length - 1] = { name: last.name, value: `${last.value}\r\n${line}` };
      continue;
    }
    const [, name, value = ""] = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line) ?? [];
    if (name === undefined) break;
    fields.push({ name, value });
  }
  return { fields, end };
}
