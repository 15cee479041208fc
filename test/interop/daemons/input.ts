/** What a program gives to sendmail: its words, and a message on standard input. Each is written after what real programs give. */

/** The machine that it comes from, which tells one input from another: it becomes `box007`. */
export const BOX = "BOX";

export interface Input {
  /** Which program, and what is special about it. */
  readonly what: string;
  readonly argv: readonly string[];
  /** Octets as Latin-1. */
  readonly text: string;
  /** Why Postseal refuses it, if it does. */
  readonly why: string | undefined;
}

/** `text`: as UTF-8. */
export function input(what: string, argv: string, text: string, why?: string): Input {
  return octets(what, argv, Buffer.from(text).toString("latin1"), why);
}

/** `text`: one character for each octet. `argv`: words with spaces between them; `_` in one is a space. */
export function octets(what: string, argv: string, text: string, why?: string): Input {
  return { what, argv: argv.split(" ").map((word) => word.replaceAll("_", " ")), text, why };
}

export function header(fields: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
  return `${lines.join("")}\n${body}`;
}
