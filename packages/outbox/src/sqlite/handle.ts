/** A database handle as the statements use it: a `DatabaseSync` of `node:sqlite`, without its types, which not every application has, or like one. */

export type Value = null | number | bigint | string | Uint8Array;

export interface Statement {
  run(...values: readonly Value[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  get(...values: readonly Value[]): unknown;
  all(...values: readonly Value[]): readonly unknown[];
  /** A row is an object here, whatever the handle was opened with. */
  setReturnArrays?(enabled: boolean): void;
}

export interface Handle {
  prepare(sql: string): Statement;
  exec(sql: string): unknown;
  readonly isTransaction?: boolean;
}

const prepared = new WeakMap<Handle, Map<string, Statement>>();

/** The statement for this text; each handle prepares it once. */
export function statement(handle: Handle, sql: string): Statement {
  const known = prepared.get(handle) ?? new Map<string, Statement>();
  prepared.set(handle, known);
  const found = known.get(sql) ?? handle.prepare(sql);
  if (!known.has(sql)) found.setReturnArrays?.(false);
  known.set(sql, found);
  return found;
}
