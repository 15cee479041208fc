/** Reads one table of a configuration file strictly: types must fit, and no key may be unknown. Problems are collected, not thrown. */
import { nearest } from "@postseal/mailer/nearest";
import { isDamaged, textFaultOf } from "../text-fault.ts";
import type { Problem } from "./problem.ts";
import { isTable, type KeyPath, type TomlDocument, type TomlTable } from "./toml-document.ts";

export interface Reading {
  readonly file: string;
  readonly document: TomlDocument;
  readonly problems: Problem[];
}

export class TableReader<Key extends string> {
  readonly #table: TomlTable;
  readonly #path: KeyPath;
  readonly #reading: Reading;

  constructor(table: TomlTable, path: KeyPath, reading: Reading) {
    this.#table = table;
    this.#path = path;
    this.#reading = reading;
  }

  /** The line of a key, or of the table itself. */
  lineOf(key?: Key): number | undefined {
    const { document } = this.#reading;
    return document.lineOf(key === undefined ? this.#path : [...this.#path, key]) ?? document.lineOf(this.#path);
  }

  has(key: Key): boolean {
    return Object.hasOwn(this.#table, key);
  }

  text(key: Key, remedy: string): string | undefined {
    const value = this.value(key);
    if (typeof value === "string" && value !== "") return this.#judged(key, value, remedy);
    if (this.has(key)) this.problem(key, `${key} is empty, or not text`, remedy);
    return undefined;
  }

  /** The library would refuse the text too, but only after the command has begun to connect. */
  #judged(key: Key, text: string, remedy: string): string | undefined {
    const fault = textFaultOf(text);
    // defence: texts-without-control-characters
    if (fault === undefined) return text;
    this.problem(key, `${key} holds ${fault}`, remedy);
    return undefined;
  }

  /** One text, or a list of them. */
  texts(key: Key, remedy: string): readonly string[] | undefined {
    const texts = this.#textsOf(key, remedy);
    return texts?.every((text) => this.#judged(key, text, remedy) !== undefined) === true ? texts : undefined;
  }

  #textsOf(key: Key, remedy: string): readonly string[] | undefined {
    const value = this.value(key);
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    const texts = list.filter((item) => typeof item === "string" && item !== "").map(String);
    if (texts.length === list.length && list.length > 0) return texts;
    if (this.has(key)) this.problem(key, `${key} is empty, or neither text nor a list of texts`, remedy);
    return undefined;
  }

  /** The words of a command: a list, never a single text. Line ends are allowed, since a word may be a shell script. */
  list(key: Key, remedy: string): readonly string[] | undefined {
    if (!this.has(key) || Array.isArray(this.value(key))) {
      const words = this.#textsOf(key, remedy);
      if (words?.some((word) => word.includes("\0") || isDamaged(word)) !== true) return words;
      this.problem(key, `${key} holds a NUL, or a character that is not valid text`, remedy);
      return undefined;
    }
    this.problem(key, `${key} is not a list`, remedy);
    return undefined;
  }

  number(key: Key, remedy: string): number | undefined {
    const value = this.value(key);
    if (typeof value === "number") return value;
    if (this.has(key)) this.problem(key, `${key} is not a number`, remedy);
    return undefined;
  }

  /** One of the words. */
  word<Word extends string>(key: Key, words: readonly Word[]): Word | undefined {
    const value = this.value(key);
    const word = words.find((one) => one === value);
    if (word === undefined && this.has(key)) {
      this.problem(
        key,
        `${key} has a value that is not one of its words`,
        `Write one of: ${words.map((one) => `"${one}"`).join(", ")}`,
      );
    }
    return word;
  }

  table(key: Key, remedy: string): TomlTable | undefined {
    const value = this.value(key);
    if (isTable(value)) return value;
    if (this.has(key)) this.problem(key, `${key} is not a table`, remedy);
    return undefined;
  }

  /** Own properties only, since `constructor` is not a key of the file. */
  value(key: Key): unknown {
    return this.has(key) ? this.#table[key] : undefined;
  }

  /** `explain`: what to say about a key that is more than a misspelling. */
  refuseUnknown(known: readonly Key[], explain: (key: string) => Pick<Problem, "what" | "remedy"> | undefined): void {
    for (const key of Object.keys(this.#table)) {
      if (known.some((one) => one === key)) continue;
      const close = nearest(key, known);
      const { what, remedy } = explain(key) ?? {
        what: `there is no key ${key}`,
        remedy: close === undefined ? `The keys here are: ${known.join(", ")}` : `Did you mean ${close}?`,
      };
      this.#reading.problems.push({ ...this.#place([...this.#path, key]), what, remedy });
    }
  }

  problem(key: Key | undefined, what: string, remedy: string): void {
    this.#reading.problems.push({ file: this.#reading.file, line: this.lineOf(key), what, remedy });
  }

  #place(path: KeyPath): Pick<Problem, "file" | "line"> {
    return { file: this.#reading.file, line: this.#reading.document.lineOf(path) };
  }
}
