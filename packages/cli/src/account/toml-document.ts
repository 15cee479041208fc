/** A TOML file as plain values, and the line on which each key of it stands. */
import { parse, TomlError } from "smol-toml";

export type TomlTable = Readonly<Record<string, unknown>>;

/** A key as a path: `["accounts", "work", "server"]`. */
export type KeyPath = readonly string[];

/** What the parser says of a file that is not TOML, without the lines that it quotes: a password may be on one. */
export class SyntaxProblem extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

export class TomlDocument {
  readonly root: TomlTable;
  readonly #text: string;
  #lines: ReadonlyMap<string, number> | undefined;

  /** Throws `SyntaxProblem`. */
  constructor(text: string) {
    this.#text = text;
    try {
      this.root = parse(text, { unsafeKeyBehaviour: "throw" });
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      const [said = ""] = error.message.split("\n");
      throw new SyntaxProblem(error.line, said.replace(/^Invalid TOML document: /, ""));
    }
  }

  /** Looked for only once there is something to say about a line: from 1, and `undefined` for a key that is not there. */
  lineOf(path: KeyPath): number | undefined {
    this.#lines ??= linesOf(this.#text);
    return this.#lines.get(keyOf(path));
  }
}

/**
 * The parser does not tell where a key stands. It can be asked all the same, and no second reader of TOML can disagree
 * with it: the shortest beginning of the file in which a key exists ends with the statement that made it.
 */
function linesOf(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const lines = text.split("\n");
  let begin = 0;
  for (let end = 1; end <= lines.length; end += 1) {
    const table = beginning(lines.slice(0, end).join("\n"));
    if (table === undefined) continue;
    for (const key of keysIn(table, [])) if (!found.has(key)) found.set(key, begin + 1);
    begin = end;
  }
  return found;
}

/** `undefined` where it ends inside of a value. */
function beginning(text: string): TomlTable | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function keysIn(table: TomlTable, above: KeyPath): readonly string[] {
  return Object.entries(table).flatMap(([name, value]) => {
    const path = [...above, name];
    return [keyOf(path), ...(isTable(value) ? keysIn(value, path) : [])];
  });
}

function keyOf(path: KeyPath): string {
  return JSON.stringify(path);
}

export function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
