/** Reads a server's reply line by line, and changes an EHLO reply as an attacker would. */
import { type Moves, TEMPTATION } from "./attack.ts";
import type { Leg } from "./leg.ts";

export interface Reply {
  /** The code of its last line; empty if that is not a reply line. */
  readonly code: string;
  /** The whole reply, as it came. */
  readonly octets: Buffer;
}

/** A reply that reaches this many octets is passed on in parts. */
const LONGEST = 1 << 20;

/** Resolves with `undefined` if the server has closed, and with a part of a reply if the server closed within it. */
export async function readReply(server: Leg): Promise<Reply | undefined> {
  const lines: Buffer[] = [];
  let length = 0;
  for (;;) {
    const line = await server.line();
    if (line === undefined && lines.length === 0) return undefined;
    if (line !== undefined) lines.push(line);
    length += line?.length ?? 0;
    const text = line?.toString("latin1") ?? "";
    if (/^\d{3}-/.test(text) && length < LONGEST) continue;
    return { code: /^\d{3}(?=[ \r\n]|$)/.exec(text)?.[0] ?? "", octets: Buffer.concat(lines) };
  }
}

export interface Altered {
  readonly octets: Buffer;
  /** The changes, in words; empty if there are none. */
  readonly done: readonly string[];
}

export function alterOffer({ code, octets }: Reply, moves: Moves): Altered {
  if (code !== "250") return { octets, done: [] };
  const [name = "", ...offered] = octets
    .toString("latin1")
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.slice(4));
  const done: string[] = [];
  let lines = offered;
  if (moves.strips === true) {
    lines = lines.filter((line) => keyword(line) !== "STARTTLS");
    done.push(
      lines.length < offered.length
        ? "removed STARTTLS from the EHLO reply"
        : moves.upgrades === true
          ? "showed the client in the clear what the server offers inside TLS"
          : "nothing to remove from the EHLO reply: the server itself offers no STARTTLS",
    );
  }
  if (moves.tempts === true && !lines.some((line) => keyword(line) === "AUTH")) {
    lines = [...lines, TEMPTATION];
    done.push(`added ${TEMPTATION} to the EHLO reply`);
  }
  if (moves.stripsPlus === true) {
    const plain = lines.map((line) => (keyword(line) === "AUTH" ? withoutPlus(line) : line));
    if (plain.some((line, at) => line !== lines[at])) done.push("removed the -PLUS mechanisms from the AUTH line");
    lines = plain;
  }
  if (done.length === 0) return { octets, done };
  const all = [name, ...lines];
  const text = all.map((line, at) => `250${at === all.length - 1 ? " " : "-"}${line}\r\n`).join("");
  return { octets: Buffer.from(text, "latin1"), done };
}

function withoutPlus(line: string): string {
  const words = line.split(" ");
  return words.filter((word, at) => at === 0 || !/^[A-Z0-9-]+-PLUS$/i.test(word)).join(" ");
}

function keyword(line: string): string {
  return /^[^ =]*/.exec(line)?.[0].toUpperCase() ?? "";
}
