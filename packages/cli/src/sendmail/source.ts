/** Splits what a program writes to sendmail into header fields and a body, with the line ends of a message. */
import { Buffer } from "node:buffer";

/** Strings hold octets as Latin-1, so that nothing is lost. */
export interface Field {
  readonly name: string;
  /** All that follows the colon, with continuation lines, without the last line end. */
  readonly value: string;
}

export interface Source {
  readonly fields: readonly Field[];
  readonly body: string;
  /** From 1: a line that ended the header although it is neither empty nor a field. */
  readonly oddLine: number | undefined;
}

/**
 * Both LF and CRLF end a line, since some programs write the header with one and the body with the other. Here, the line
 * ends of this machine become those of a message. A CR elsewhere stays, and the library refuses it: two servers could
 * disagree whether it ends a line.
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
  // A line that ends the header, but is not empty, belongs to the body.
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
