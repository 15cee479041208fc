/**
 * The SQLite library that has the outbox's file: Node's own, or one like better-sqlite3 that the application opens the file with.
 *
 * POSIX locks belong to the process, so two libraries in one process do not exclude each other: both may have a write transaction
 * at once, and what one of them commits is lost.
 */
import { pathToFileURL } from "node:url";
import { refusal } from "../options.ts";
import type { Handle, Statement, Value } from "./handle.ts";

/** A handle that the outbox has opened itself. */
export interface Database extends Handle {
  close(): unknown;
}

export interface Library {
  /** Throws what the library throws. */
  open(file: string): Database;
  /** The caller's handle as the statements use it; `undefined` if it is another library's. */
  handleOf(given: object): Handle | undefined;
}

/** `module`: a file's URL or path; `undefined` for Node's own. Rejects with `InputError`. */
export async function loadLibrary(module: string | undefined): Promise<Library> {
  if (module === undefined) return ofNode;
  const database: unknown = Reflect.get(Object(await loaded(module)), "default");
  if (isClass(database)) return new OtherLibrary(database);
  throw refusal(
    "sqlite",
    `names ${module}, which is no module like better-sqlite3: its default export has to be a class of databases`,
  );
}

async function loaded(module: string): Promise<unknown> {
  try {
    return await import(module.startsWith("file:") ? module : pathToFileURL(module).href);
  } catch (error) {
    throw refusal(
      "sqlite",
      `names ${module}, which cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

// Not imported: on Node 22 that warns, and a process that only queues does not need it.
const ofNode: Library = {
  open: (file) => {
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    // The wait for a lock is ours: SQLite's own is not fair, and was seen to take 1.2 s.
    return new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: true });
  },
  handleOf: (given) => {
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    return given instanceof DatabaseSync ? given : undefined;
  },
};

/** As better-sqlite3 has it: parameters with numbers are named, and are given in one object. */
interface OtherDatabase {
  prepare(sql: string): OtherStatement;
  exec(sql: string): unknown;
  close(): unknown;
}

interface OtherStatement extends Statement {
  run(...values: readonly Parameter[]): ReturnType<Statement["run"]>;
  get(...values: readonly Parameter[]): unknown;
  all(...values: readonly Parameter[]): readonly unknown[];
}

type Parameter = Value | Readonly<Record<string, Value>>;
type DatabaseClass = new (file: string, options?: { readonly timeout: number }) => OtherDatabase;

class OtherLibrary implements Library {
  readonly #database: DatabaseClass;
  /** One for each of the caller's, since statements are kept by handle. */
  readonly #known = new WeakMap<object, Handle>();

  constructor(database: DatabaseClass) {
    this.#database = database;
  }

  open(file: string): Database {
    const database = new this.#database(file, { timeout: 0 });
    database.exec("pragma foreign_keys = on");
    return new OtherHandle(database);
  }

  handleOf(given: object): Handle | undefined {
    if (!(given instanceof this.#database)) return undefined;
    const handle = this.#known.get(given) ?? new OtherHandle(given);
    this.#known.set(given, handle);
    return handle;
  }
}

class OtherHandle implements Database {
  readonly #database: OtherDatabase;

  constructor(database: OtherDatabase) {
    this.#database = database;
  }

  get isTransaction(): boolean {
    return Reflect.get(this.#database, "inTransaction") === true;
  }

  prepare(sql: string): Statement {
    const statement = this.#database.prepare(sql);
    return NUMBERED.test(sql) ? new NumberedStatement(statement) : statement;
  }

  exec(sql: string): unknown {
    return this.#database.exec(sql);
  }

  close(): void {
    this.#database.close();
  }
}

const NUMBERED = /\?\d/;

class NumberedStatement implements Statement {
  readonly #statement: OtherStatement;

  constructor(statement: OtherStatement) {
    this.#statement = statement;
  }

  run(...values: readonly Value[]): ReturnType<Statement["run"]> {
    return this.#statement.run(byNumber(values));
  }

  get(...values: readonly Value[]): unknown {
    return this.#statement.get(byNumber(values));
  }

  all(...values: readonly Value[]): readonly unknown[] {
    return this.#statement.all(byNumber(values));
  }
}

function byNumber(values: readonly Value[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(values.map((value, index) => [index + 1, value]));
}

function isClass(given: unknown): given is DatabaseClass {
  const prototype: unknown = typeof given === "function" ? given.prototype : undefined;
  return ["prepare", "exec", "close"].every((name) => typeof Reflect.get(Object(prototype), name) === "function");
}
