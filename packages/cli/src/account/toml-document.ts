/** Parses a TOML file into plain values, and finds the line of each key. */
import { parse, TomlError } from "smol-toml";

export type TomlTable = Readonly<Record<string, unknown>>;

/** A key as a path: `["accounts", "work", "server"]`. */
export type KeyPath = readonly string[];

/** The parser's error, without the lines that it quotes, since a password may be on one. */
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

  /** From 1; `undefined` if the key does not exist. Computed on first use, since only errors need lines. */
  lineOf(path: KeyPath): number | undefined {
    this.#lines ??= linesOf(this.#text);
    return this.#lines.get(keyOf(path));
  }
}

/** The lookup stops at a statement with more lines: each further line would mean parsing all of them again. */
const LONGEST_STATEMENT = 100;
/** No key of ours is deeper. */
const DEEPEST = 5;

/**
 * The parser does not report lines, and a second parser could disagree with it. So it is asked: the fewest lines that it
 * accepts as complete are a statement, whose keys belong to the last header.
 */
function linesOf(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const lines = text.split("\n");
  /** `undefined` after the header of an array of tables, which has no key of ours. */
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

/** The path that a header names. */
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

/** `undefined` if it ends inside a value. */
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
