/** Where a database is. Apart, since the caller's thread must not load SQLite. */

/** In memory, for tests: it ends with the outbox. */
export const IN_MEMORY: string = ":memory:";
