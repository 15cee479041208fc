/**
 * The thread that alone has the database: a commit waits for the disk, and the application's event loop must not. All calls that
 * have gathered become one transaction, so the more there is to do, the fewer commits there are for each message.
 */
import type { DatabaseSync } from "node:sqlite";
import { type MessagePort, parentPort } from "node:worker_threads";
import { type Operations, reading } from "../store/operations.ts";
import { type Opening, openDatabase, within } from "./database.ts";
import type { Call, Order, Reply } from "./exchange.ts";
import { type Fault, faultOf } from "./fault.ts";
import { operationsOn, run } from "./operations.ts";

/** So many calls at most in one transaction, since their callers wait for all of it. */
const MOST = 500;

class Engine {
  readonly #port: MessagePort;
  readonly #file: string;
  readonly #db: DatabaseSync;
  readonly #operations: Operations;
  #waiting: Call[] = [];
  #isDue = false;

  constructor(port: MessagePort, opening: Opening) {
    this.#port = port;
    this.#file = opening.file;
    this.#db = openDatabase(opening);
    this.#operations = operationsOn(this.#db);
  }

  call(call: Call): void {
    this.#waiting.push(call);
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => this.#flush());
  }

  close(): void {
    while (this.#waiting.length > 0) this.#flush();
    this.#db.close();
  }

  #flush(): void {
    const calls = this.#waiting.slice(0, MOST);
    this.#waiting = this.#waiting.slice(MOST);
    const writes = calls.filter(({ name }) => !reading.has(name));
    // defence: no-answer-before-the-commit
    for (const reply of this.#write(writes)) this.#say(reply);
    for (const one of calls) if (reading.has(one.name)) this.#say(this.#guarded(one, () => this.#run(one)));
    this.#isDue = this.#waiting.length > 0;
    if (this.#isDue) setImmediate(() => this.#flush());
  }

  /** If one fails, none of them is written; then each has a transaction of its own, so that it fails alone. */
  #write(calls: readonly Call[]): readonly Reply[] {
    if (calls.length === 0) return [];
    const [first] = calls;
    if (calls.length === 1 && first !== undefined) return [this.#writeOne(first)];
    try {
      return within(this.#db, () => calls.map((one) => this.#run(one)));
    } catch {
      return calls.map((one) => this.#writeOne(one));
    }
  }

  #writeOne(call: Call): Reply {
    return this.#guarded(call, () => within(this.#db, () => this.#run(call)));
  }

  #guarded({ call }: Call, action: () => Reply): Reply {
    try {
      return action();
    } catch (error) {
      return { is: "fault", call, fault: faultOf(error, this.#file) };
    }
  }

  #say(reply: Reply): void {
    this.#port.postMessage(reply, []);
  }

  #run({ call, name, request }: Call): Reply {
    return { is: "result", call, result: run(this.#operations, name, request) };
  }
}

function serve(port: MessagePort): void {
  let engine: Engine | undefined;
  port.on("message", (order: Order) => {
    if (order.is === "open") {
      const fault = open(order.opening);
      const reply: Reply = { is: "opened", fault };
      port.postMessage(reply, []);
      if (fault !== undefined) port.close();
    } else if (order.is === "call") engine?.call(order);
    else {
      engine?.close();
      port.close();
    }
  });
  const open = (opening: Opening): Fault | undefined => {
    try {
      engine = new Engine(port, opening);
      return undefined;
    } catch (error) {
      return faultOf(error, opening.file);
    }
  };
}

if (parentPort !== null) serve(parentPort);
