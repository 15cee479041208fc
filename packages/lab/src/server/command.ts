/** A command line of SMTP (RFC 5321 section 4.1), and the reply to EHLO. */
import { HOST } from "../authority/authority.ts";

export interface Command {
  /** In capitals. */
  readonly verb: string;
  /** The first few words after the verb: no command that is read by words has more. */
  readonly words: readonly string[];
  /** The whole line. */
  readonly line: string;
}

export function parseCommand(line: string): Command {
  const [verb = "", ...words] = line.split(" ", 4);
  return { verb: verb.toUpperCase(), words, line };
}

/** What BDAT announces (RFC 3030 section 2); `undefined` for a malformed count, after which nobody knows where the next command begins. */
export function parseChunk({ words: [count = "", last] }: Command): { size: number; isLast: boolean } | undefined {
  const size = /^\d{1,15}$/.test(count) ? Number(count) : undefined;
  return size === undefined ? undefined : { size, isLast: last?.toUpperCase() === "LAST" };
}

/** The EHLO reply (RFC 5321 section 4.1.1.1). */
export function ehloReply(capabilities: readonly string[], name: string = HOST): string {
  const lines = [name, ...capabilities];
  return lines.map((line, at) => `250${at === lines.length - 1 ? " " : "-"}${line}\r\n`).join("");
}
