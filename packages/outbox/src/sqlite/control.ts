/** What people and time change: cancel, retry, resolve, expire. */
import { type Event, next, type State } from "../model/state.ts";
import type { Changed, ChangedSoFar, ChangeRequest, Requests, ResolveRequest, Selection } from "../store/operations.ts";
import { endStrayRests } from "./account.ts";
import { endBody } from "./body.ts";
import { record } from "./event.ts";
import { type Handle, statement } from "./handle.ts";
import { maybe, number, text } from "./row.ts";
import { selected } from "./selection.ts";
import { stateOf } from "./settle.ts";
import { OPEN } from "./state-list.ts";

const cancelRecipients = `update outbox_recipient set outcome = 'cancelled', decided = ? where message = ? and outcome in ${OPEN}`;
const cancelMessage = `
update outbox_message set state = 'cancelled', worker = null, settled = ?, reason = ?, token = token + 1 where seq = ?`;
const doubtful = "select count(*) as n from outbox_recipient where message = ? and outcome = 'unknown'";
const hasBody = "select count(*) as n from outbox_body where content = ?";
const reopen = `
update outbox_recipient set outcome = 'pending', decided = null
where message = ? and outcome in ('pending', 'deferred', 'unknown', 'expired')`;
const retryMessage = `
update outbox_message set state = 'waiting', due = ?2, attempts = 0, reason = null, settled = null, body_until = null,
  token = token + 1, lane = stream, expires = case when expires <= ?2 then ?2 + expires - created else expires end
where seq = ?1`;
const believe =
  "update outbox_recipient set outcome = 'accepted', decided = ? where message = ? and outcome = 'unknown'";
const isLeft = `select count(*) as n from outbox_recipient where message = ? and outcome in ${OPEN}`;
const resolveMessage = `
update outbox_message set state = ?2, settled = ?3, reason = null, token = token + 1, due = ?4 where seq = ?1`;
const overdue = "select * from outbox_message where state = 'waiting' and expires <= ? order by expires limit 100";
const expireRecipients = `update outbox_recipient set outcome = 'expired', decided = ? where message = ? and outcome in ${OPEN}`;
const expireMessage = "update outbox_message set state = 'dead', settled = ?, reason = ? where seq = ?";
/** Since its first attempt: it may have been queued for a later time, and that is no delay. */
const late = `
select * from outbox_message m where state = 'waiting' and delay_told = 0 and attempts > 0 and created <= ?1
  and coalesce((select min(coalesce(marked, ended)) from outbox_attempt where message = m.seq), created) <= ?1 limit 100`;
const told = "update outbox_message set delay_told = 1 where seq = ?";

export function cancel(db: Handle, { where, now, reason, keepBody = 0 }: ChangeRequest): ChangedSoFar {
  return change(db, where, "cancel", (row, seq) => {
    statement(db, cancelRecipients).run(now, seq);
    statement(db, cancelMessage).run(now, reason ?? null, seq);
    endBody(db, row, now, keepBody);
    write(db, row, "cancel", "cancelled", now, reason);
    return true;
  });
}

/** Not for messages in doubt: of these somebody has to say so with `resolve`. */
export function retry(db: Handle, { where, now }: ChangeRequest): ChangedSoFar {
  return change(db, where, "retry", (row, seq) => {
    if (count(db, doubtful, seq) > 0 || count(db, hasBody, maybe(number, row, "content") ?? seq) === 0) return false;
    again(db, row, seq, now);
    return true;
  });
}

export function resolve(db: Handle, { id, as, now, keepBody = 0 }: ResolveRequest): Changed {
  return change(db, { id, limit: Number.MAX_SAFE_INTEGER }, "resolve", (row, seq) => {
    if (count(db, doubtful, seq) === 0) return false;
    if (as === "again") {
      again(db, row, seq, now);
      return true;
    }
    statement(db, believe).run(now, seq);
    const state = count(db, isLeft, seq) === 0 ? "done" : "waiting";
    statement(db, resolveMessage).run(seq, state, state === "done" ? now : null, now);
    if (state === "done") endBody(db, row, now, keepBody);
    write(db, row, "resolve", state, now, undefined);
    return true;
  });
}

/** What time brings: ends what is too late to be sent, and rests that are too long; says once of each message that it takes long. */
export function expire(db: Handle, { now, delayAfter, keepBody }: Requests["expire"]): { readonly expired: number } {
  endStrayRests(db, now);
  const expired = expireOverdue(db, now, keepBody);
  for (const row of statement(db, late).all(now - delayAfter)) {
    statement(db, told).run(number(row, "seq"));
    write(db, row, "delay", "waiting", now, maybe(text, row, "reason"));
  }
  return { expired };
}

/** Ends a number of the messages that are too late to be sent, and returns how many. */
export function expireOverdue(db: Handle, now: number, keepBody = 0): number {
  const rows = statement(db, overdue).all(now);
  for (const row of rows) {
    const seq = number(row, "seq");
    const last = maybe(text, row, "reason");
    const reason = `it expired before it could be sent${last === undefined ? "" : `; at last: ${last}`}`;
    statement(db, expireRecipients).run(now, seq);
    statement(db, expireMessage).run(now, reason, seq);
    endBody(db, row, now, keepBody);
    write(db, row, "expire", "dead", now, reason);
  }
  return rows.length;
}

function again(db: Handle, row: unknown, seq: number, now: number): void {
  statement(db, reopen).run(seq);
  statement(db, retryMessage).run(seq, now);
  write(db, row, "retry", "waiting", now, undefined);
}

function change(
  db: Handle,
  where: Selection,
  event: Event,
  apply: (row: unknown, seq: number) => boolean,
): ChangedSoFar {
  let changed = 0;
  const kept = new Map<State, number>();
  const rows = selected(db, where);
  for (const row of rows) {
    const state = stateOf(row);
    // defence: only-the-table-changes-a-state
    if (next(state, event) !== undefined && apply(row, number(row, "seq"))) changed += 1;
    else kept.set(state, (kept.get(state) ?? 0) + 1);
  }
  const last = rows.length < where.limit ? {} : { last: number(rows.at(-1), "seq") };
  return { changed, kept: Object.fromEntries(kept), ...last };
}

function count(db: Handle, sql: string, seq: number): number {
  return number(statement(db, sql).get(seq), "n");
}

function write(db: Handle, row: unknown, kind: string, state: State, at: number, reason: string | undefined): void {
  record(db, { at, id: text(row, "id"), part: number(row, "part"), kind, state, reason, recipients: [] });
}
