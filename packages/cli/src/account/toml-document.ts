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

/** Statements of more lines are not taken apart: each line more would have all of them read again. */
const LONGEST_STATEMENT = 100;
/** Keys of ours lie no deeper. */
const DEEPEST = 5;

/**
 * The parser does not tell where a key stands. It can be asked all the same, and no second reader of TOML can disagree
 * with it: the fewest lines that it takes for a whole are a statement, and the keys of it are those below the last header.
 */
function linesOf(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const lines = text.split("\n");
  /** `undefined` below the header of a list of tables: nothing of ours is in one. */
  let header: KeyPath | undefined = [];
  for (let begin = 0; begin < lines.length;) {
    const statement = statementAt(lines, begin);
    if (statement === undefined) break;
    const { table, end } = statement;
    const isHeader = /^\s*\[/.test(lines[begin] ?? "");
    if (isHeader) header = pathOf(table);
    const above = isHeader ? [] : header;
    if (above !== undefined) for (const key of keysIn(table, above)) if (!found.has(key)) found.set(key, begin + 1);
    begin = end;
  }
  return found;
}

function statementAt(
  lines: readonly string[],
  begin: number,
): { readonly table: TomlTable; readonly end: number } | undefined {
  for (let end = begin + 1; end <= Math.min(lines.length, begin + LONGEST_STATEMENT); end += 1) {
    const table = beginning(`${lines.slice(begin, end).join("\n")}\n`);
    if (table !== undefined) return { table, end };
  }
  return undefined;
}

/** The one path of a header. */
function pathOf(table: TomlTable): KeyPath | undefined {
  const path: string[] = [];
  for (let inner: unknown = table; path.length < DEEPEST;) {
    if (!isTable(inner)) return undefined;
    const [entry] = Object.entries(inner);
    if (entry === undefined) return path;
    path.push(entry[0]);
    inner = entry[1];
  }
  return undefined;
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
    return [keyOf(path), ...(isTable(value) && path.length < DEEPEST ? keysIn(value, path) : [])];
  });
}

function keyOf(path: KeyPath): string {
  return JSON.stringify(path);
}

export function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
