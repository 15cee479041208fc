/** Reads the columns of a row, and fails for what the schema cannot hold. */
import { RecordError } from "./record-error.ts";

type Row = Readonly<Record<string, unknown>>;

export function isRow(given: unknown): given is Row {
  return typeof given === "object" && given !== null;
}

export function number(row: unknown, name: string): number {
  const value = column(row, name);
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  throw new RecordError(name);
}

export function text(row: unknown, name: string): string {
  const value = column(row, name);
  if (typeof value === "string") return value;
  throw new RecordError(name);
}

/** A column that may be null. */
export function maybe<T>(read: (row: unknown, name: string) => T, row: unknown, name: string): T | undefined {
  const value = column(row, name);
  return value === null || value === undefined ? undefined : read(row, name);
}

export function octets(row: unknown, name: string): Uint8Array {
  const value = column(row, name);
  if (value instanceof Uint8Array) return value;
  throw new RecordError(name);
}

export function flag(row: unknown, name: string): boolean {
  return number(row, name) !== 0;
}

/** One of some words. */
export function word<T extends string>(words: readonly T[], row: unknown, name: string): T {
  const value = text(row, name);
  const found = words.find((one) => one === value);
  if (found === undefined) throw new RecordError(name);
  return found;
}

/** The part of an object that a column holds as JSON. */
export function json(row: unknown, name: string): unknown {
  const parsed: unknown = JSON.parse(text(row, name));
  return parsed;
}

function column(row: unknown, name: string): unknown {
  if (!isRow(row)) throw new RecordError(name);
  return row[name];
}
