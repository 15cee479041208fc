/** The operations of the store, on SQLite. */
import type { Name, Operations, Requests, Results } from "../store/operations.ts";
import { pause, tellAccount } from "./account.ts";
import { claim } from "./claim.ts";
import { octetsAt } from "./claim-of.ts";
import { cancel, expire, resolve, retry } from "./control.ts";
import { enqueue } from "./enqueue.ts";
import type { Handle } from "./handle.ts";
import { purge } from "./purge.ts";
import { counts, details, events, list } from "./reading.ts";
import { mark, settle } from "./settle.ts";
import { beat, leave, reap, workers } from "./worker-table.ts";

export function operationsOn(db: Handle): Operations {
  return {
    enqueue: (request) => enqueue(db, request),
    claim: (request) => claim(db, request),
    mark: (request) => mark(db, request),
    settle: (request) => settle(db, request),
    tellAccount: (request) => {
      tellAccount(db, request);
      return null;
    },
    beat: (request) => {
      beat(db, request);
      return null;
    },
    leave: ({ worker }) => {
      leave(db, worker);
      return null;
    },
    workers: () => workers(db),
    reap: (request) => reap(db, request),
    expire: (request) => expire(db, request),
    cancel: (request) => cancel(db, request),
    retry: (request) => retry(db, request),
    resolve: (request) => resolve(db, request),
    pause: (request) => {
      pause(db, request);
      return null;
    },
    list: (request) => list(db, request),
    details: (request) => details(db, request),
    octets: ({ content, row }) => octetsAt(db, content, row),
    counts: () => counts(db),
    events: (request) => events(db, request),
    purge: (request) => purge(db, request),
  };
}

/** Runs one of them; the compiler knows that name, request and result belong together. */
export function run<N extends Name>(operations: Operations, name: N, request: Requests[N]): Results[N] {
  return operations[name](request);
}
