/** A database handle as the statements use it: a `DatabaseSync` of `node:sqlite`, without its types, which not every application has. */

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

/**
 * Whether it is of the library that the outbox's thread uses. POSIX locks belong to the process, so only within one library do handles
 * exclude each other. A caller with such a handle has loaded the module already.
 */
export function isOfNode(handle: Handle): boolean {
  return handle instanceof process.getBuiltinModule("node:sqlite").DatabaseSync;
}
