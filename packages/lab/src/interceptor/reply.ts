/** A server's reply, read line by line, and the EHLO reply as an attacker would have it. */
import { type Moves, TEMPTATION } from "./attack.ts";
import type { Leg } from "./leg.ts";

export interface Reply {
  /** Of its last line; empty where that is no reply line. */
  readonly code: string;
  /** All of it, as it came. */
  readonly octets: Buffer;
}

/** A reply of this many octets is passed on in parts. */
const LONGEST = 1 << 20;

/** `undefined` where the server is gone. A reply that was cut off is given as far as it came. */
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
  /** In words; empty where nothing was. */
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
        ? "took STARTTLS off the EHLO reply"
        : moves.upgrades === true
          ? "showed the client in clear what the server offers inside TLS"
          : "nothing to take off the EHLO reply: the server offers no STARTTLS itself",
    );
  }
  if (moves.tempts === true && !lines.some((line) => keyword(line) === "AUTH")) {
    lines = [...lines, TEMPTATION];
    done.push(`added ${TEMPTATION} to the EHLO reply`);
  }
  if (moves.stripsPlus === true) {
    const plain = lines.map((line) => (keyword(line) === "AUTH" ? withoutPlus(line) : line));
    if (plain.some((line, at) => line !== lines[at])) done.push("took the mechanisms with -PLUS off the AUTH line");
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
