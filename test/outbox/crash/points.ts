/**
 * Ends or stops this process at a named point between the outbox and its thread. It is loaded before the outbox, and looks at what
 * goes to the thread and what comes back: the outbox itself has no hook for it.
 */
import { Worker } from "node:worker_threads";

/** In the order in which a message passes them. */
export const points = [
  "claim committed",
  "before the mark",
  "mark on its way",
  "mark committed",
  "reply heard",
  "settle on its way",
  "settle committed",
] as const;

/** Between two parts of a message: the mark of the next part follows from the reply to the one before. */
export const partPoints = [
  "before the next part's mark",
  "next part's mark on its way",
  "next part's mark committed",
] as const;

/** Passed only if the store says no. */
export const failurePoints = ["mark failed", "settle failed"] as const;

export type Point = (typeof points)[number] | (typeof partPoints)[number] | (typeof failurePoints)[number];

export interface Plan {
  readonly point: Point;
  /** The how-many-th time. */
  readonly time: number;
  readonly signal: "SIGKILL" | "SIGSTOP";
}

let plan: Plan | undefined;
let later: readonly Plan[] = [];
let left = 0;

/** One after the other. Until then nothing happens. */
export function follow(plans: readonly Plan[]): void {
  [plan, ...later] = plans;
  left = plan?.time ?? 0;
}

function pass(point: Point): void {
  if (plan?.point !== point) return;
  left -= 1;
  if (left !== 0) return;
  const { signal } = plan;
  follow(later);
  if (signal === "SIGSTOP") letThreadFinish();
  process.kill(process.pid, signal);
}

/** A process that is stopped while its thread writes keeps the database locked for all others. While this waits, the thread gets nothing new. */
function letThreadFinish(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
}

const calls = new Map<unknown, unknown>();
/** A message and its token: a second mark under the same token is that of another part. */
const marked = new Set<string>();
/** Stands for the name of a mark that follows another one of its message. */
const NEXT = "next mark";
const postMessage: unknown = Reflect.get(Worker.prototype, "postMessage");
const emit: unknown = Reflect.get(Worker.prototype, "emit");
const before: ReadonlyMap<unknown, Point> = new Map([
  ["mark", "before the mark"],
  [NEXT, "before the next part's mark"],
  ["settle", "reply heard"],
]);
const after: ReadonlyMap<unknown, Point> = new Map([
  ["mark", "mark on its way"],
  [NEXT, "next part's mark on its way"],
  ["settle", "settle on its way"],
]);
const committed: ReadonlyMap<unknown, Point> = new Map([
  ["claim", "claim committed"],
  ["mark", "mark committed"],
  [NEXT, "next part's mark committed"],
  ["settle", "settle committed"],
]);
const failed: ReadonlyMap<unknown, Point> = new Map([
  ["mark", "mark failed"],
  [NEXT, "mark failed"],
  ["settle", "settle failed"],
]);

Object.defineProperty(Worker.prototype, "postMessage", {
  value(this: Worker, ...words: readonly unknown[]): unknown {
    const names = listed(words[0]).map((order) => {
      const name = nameOf(order);
      calls.set(field(order, "call"), name);
      return name;
    });
    for (const name of names) passOne(before.get(name));
    const result = call(postMessage, this, words);
    for (const name of names) passOne(after.get(name));
    return result;
  },
});

Object.defineProperty(Worker.prototype, "emit", {
  value(this: Worker, ...words: readonly unknown[]): unknown {
    const [event, replies] = words;
    if (event === "message")
      for (const reply of listed(replies)) {
        const name = calls.get(field(reply, "call"));
        if (field(reply, "is") === "fault") passOne(failed.get(name));
        else if (hasWork(reply)) passOne(committed.get(name));
      }
    return call(emit, this, words);
  },
});

function nameOf(order: unknown): unknown {
  const name = field(order, "name");
  if (name !== "mark") return name;
  const request = field(order, "request");
  const whose = `${String(field(request, "seq"))} ${String(field(request, "token"))}`;
  if (marked.has(whose)) return NEXT;
  marked.add(whose);
  return name;
}

function call(method: unknown, object: object, words: readonly unknown[]): unknown {
  if (typeof method !== "function") throw new TypeError("a worker has another shape here");
  return Reflect.apply(method, object, words);
}

function passOne(point: Point | undefined): void {
  if (point !== undefined) pass(point);
}

/** Orders go to the thread, and replies come back, as lists. A point that cannot be passed would be waited for without end. */
function listed(orders: unknown): readonly unknown[] {
  if (!Array.isArray(orders)) throw new TypeError("the outbox and its thread speak in another shape");
  return orders;
}

/** A claim of nothing is no claim. */
function hasWork(reply: unknown): boolean {
  const claims: unknown = field(field(reply, "result"), "claims");
  return !Array.isArray(claims) || claims.length > 0;
}

function field(object: unknown, name: string): unknown {
  return typeof object === "object" && object !== null ? Reflect.get(object, name) : undefined;
}
