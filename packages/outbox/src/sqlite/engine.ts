/**
 * The thread that alone has the database: a commit waits for the disk, and the application's event loop must not. All calls that
 * have gathered become one transaction, so the more there is to do, the fewer commits there are for each message.
 */
import { type MessagePort, parentPort } from "node:worker_threads";
import { type Name, type Operations, reading } from "../store/operations.ts";
import { begin, finish, type Opening, openDatabase, PATIENCE, pauseForLock } from "./database.ts";
import type { Call, Order, Reply } from "./exchange.ts";
import { type Fault, faultOf, isBusy, LOCKED } from "./fault.ts";
import { type Database, type Library, loadLibrary } from "./library.ts";
import { operationsOn, run } from "./operations.ts";
import { Place } from "./place.ts";

/**
 * Milliseconds for which a call may wait for others, so that they share a commit. A mark is waited for by a message that could go; what
 * became of one is waited for by nobody, and a crash in that time only leaves it in doubt.
 */
const PATIENT: ReadonlyMap<Name, number> = new Map<Name, number>([
  ["mark", 1],
  ["settle", 4],
]);
/** So many calls at most in one transaction, since their callers wait for all of it. */
const MOST = 500;

class Engine {
  readonly #port: MessagePort;
  readonly #file: string;
  readonly #db: Database;
  readonly #place: Place;
  readonly #operations: Operations;
  #waiting: Call[] = [];
  /** Not posted yet. */
  #said: Reply[] = [];
  /** When the next flush comes, by `performance.now()`; 0: at once. */
  #due: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosing = false;
  /** Since when another process has kept the database locked. */
  #lockedSince: number | undefined;

  constructor(port: MessagePort, opening: Opening, library: Library) {
    this.#port = port;
    this.#file = opening.file;
    this.#db = openDatabase(opening, library);
    this.#place = new Place(opening.file);
    this.#operations = operationsOn(this.#db);
  }

  call(call: Call): void {
    this.#waiting.push(call);
    this.#flushIn(PATIENT.get(call.name) ?? 0);
  }

  /** After the calls that were made before. */
  close(): void {
    this.#isClosing = true;
    this.#flushIn(0);
  }

  /** Unless it comes earlier anyway. */
  #flushIn(milliseconds: number): void {
    const due = milliseconds === 0 ? 0 : performance.now() + milliseconds;
    if (this.#due !== undefined && this.#due <= due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    if (due === 0) setImmediate(() => this.#flush());
    else this.#timer = setTimeout(() => this.#flush(), milliseconds);
  }

  #flush(): void {
    this.#due = undefined;
    const calls = this.#waiting.slice(0, MOST);
    this.#waiting = this.#waiting.slice(MOST);
    const writes = calls.filter(({ name }) => !reading.has(name));
    const left = writes.length === 0 ? [] : this.#write(writes);
    for (const one of calls) if (reading.has(one.name)) this.#read(one);
    this.#post();
    if (left.length > 0) {
      this.#waiting = [...left, ...this.#waiting];
      this.#flushIn(pauseForLock());
    } else if (this.#waiting.length > 0) this.#flushIn(0);
    else if (this.#isClosing && this.#due === undefined) {
      this.#db.close();
      this.#port.close();
    }
  }

  /**
   * Returns the calls that have to wait, since another process has the database. If a call fails, none of them is written; then each
   * gets a transaction of its own, so that it fails alone.
   */
  #write(calls: readonly Call[]): readonly Call[] {
    try {
      this.#place.assertKept();
      if (!begin(this.#db)) return this.#waitForLock(calls);
      this.#lockedSince = undefined;
      for (const reply of finish(this.#db, () => calls.map((one) => this.#run(one)))) this.#say(reply);
      return [];
    } catch (error) {
      if (calls.length === 1) {
        this.#fail(calls, error);
        return [];
      }
      return calls.flatMap((one) => this.#write([one]));
    }
  }

  #waitForLock(calls: readonly Call[]): readonly Call[] {
    const now = performance.now();
    this.#lockedSince ??= now;
    if (now - this.#lockedSince < PATIENCE) return calls;
    this.#lockedSince = undefined;
    this.#fail(calls, LOCKED);
    return [];
  }

  #fail(calls: readonly Call[], error: unknown): void {
    for (const { call } of calls) this.#say({ is: "fault", call, fault: faultOf(error, this.#file) });
  }

  #read(call: Call): void {
    try {
      this.#say(this.#run(call));
    } catch (error) {
      // Another process repairs or empties the log; that is soon over.
      if (isBusy(error)) setTimeout(() => this.#readAgain(call), pauseForLock());
      else this.#fail([call], error);
    }
  }

  #readAgain(call: Call): void {
    this.#read(call);
    this.#post();
  }

  #say(reply: Reply): void {
    this.#said.push(reply);
  }

  /** What came of one flush goes in one message. */
  #post(): void {
    const replies = this.#said;
    this.#said = [];
    if (replies.length > 0) this.#port.postMessage(replies, []);
  }

  #run({ call, name, request }: Call): Reply {
    return { is: "result", call, result: run(this.#operations, name, request) };
  }
}

function serve(port: MessagePort): void {
  let engine: Engine | undefined;
  const obey = (order: Order): void => {
    if (order.is === "open") void open(order.opening).then(opened);
    else if (order.is === "call") engine?.call(order);
    else engine?.close();
  };
  port.on("message", (orders: readonly Order[]) => orders.forEach(obey));
  // Nobody calls before this has said that it is open.
  const opened = (fault: Fault | undefined): void => {
    const replies: readonly Reply[] = [{ is: "opened", fault }];
    port.postMessage(replies, []);
    if (fault !== undefined) port.close();
  };
  const open = async (opening: Opening): Promise<Fault | undefined> => {
    try {
      engine = new Engine(port, opening, await loadLibrary(opening.library));
      return undefined;
    } catch (error) {
      return faultOf(error, opening.file);
    }
  };
}

if (parentPort !== null) serve(parentPort);
