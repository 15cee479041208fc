/** Writes down what happened to a message, in the transaction in which it happens: nobody sees it early or misses it. */
import type { OutboxEvent } from "../store/operations.ts";
import { type Handle, statement } from "./handle.ts";

const insert = `
insert into outbox_event (at, id, part, kind, state, reason, recipients) values (?, ?, ?, ?, ?, ?, ?)`;

export function record(db: Handle, event: Omit<OutboxEvent, "seq">): void {
  const { at, id, part, kind, state, reason, recipients } = event;
  statement(db, insert).run(at, id, part, kind, state, reason ?? null, JSON.stringify(recipients));
}
