/** A database handle as the statements use it: that of `node:sqlite`, and that of better-sqlite3, which has the same methods. */

export type Value = null | number | bigint | string | Uint8Array;

export interface Statement {
  run(...values: readonly Value[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  get(...values: readonly Value[]): unknown;
  all(...values: readonly Value[]): readonly unknown[];
}

export interface Handle {
  prepare(sql: string): Statement;
  exec(sql: string): unknown;
}

const prepared = new WeakMap<Handle, Map<string, Statement>>();

/** The statement for this text; each handle prepares it once. */
export function statement(handle: Handle, sql: string): Statement {
  const known = prepared.get(handle) ?? new Map<string, Statement>();
  prepared.set(handle, known);
  const found = known.get(sql) ?? handle.prepare(sql);
  known.set(sql, found);
  return found;
}
