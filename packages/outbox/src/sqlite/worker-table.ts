/** Which workers live, and what becomes of the messages of those that do not. */
import { isRedelivered } from "../model/schedule.ts";
import type { ReapRequest, WorkerFacts, WorkerSeen } from "../store/operations.ts";
import { record } from "./event.ts";
import { type Handle, statement } from "./handle.ts";
import { number, text, word } from "./row.ts";
import { OPEN } from "./state-list.ts";

const beats = `
insert into outbox_worker (id, host, pid, started, seen) values (?1, ?2, ?3, ?4, ?5)
on conflict (id) do update set host = ?2, pid = ?3, started = ?4, seen = ?5`;
const knows =
  "insert into outbox_worker (id, host, pid, started, seen) values (?, '', 0, '', ?) on conflict (id) do nothing";
const leaves = `
delete from outbox_worker where id = ?1 and not exists (select 1 from outbox_message where worker = ?1)`;
const all = "select id, host, pid, started, seen from outbox_worker";
const remove = "delete from outbox_worker where id = ?";
const owned = "select seq, id, part, token, state, on_unknown, attempts from outbox_message where worker = ?";
const reclaim = "update outbox_message set state = 'waiting', worker = null, attempts = attempts - 1 where seq = ?";
const doubt = `update outbox_recipient set outcome = 'unknown' where message = ? and outcome in ${OPEN}`;
const hold = "update outbox_message set state = 'held', worker = null, reason = ? where seq = ?";
const again = "update outbox_message set state = 'waiting', worker = null, due = ? where seq = ?";
const open = `select address from outbox_recipient where message = ? and outcome = ?`;
const endAttempt = "update outbox_attempt set ended = ?, ending = ?, reason = ? where message = ? and token = ?";

const DIED = "its worker ended after the message could have been handed over, and before the answer was written down";

export function beat(db: Handle, { worker, host, pid, started, now }: WorkerFacts & { readonly now: number }): void {
  statement(db, beats).run(worker, host, pid, started, now);
}

/**
 * A worker that gets messages is known from then on, although its first heartbeat may still wait, or somebody has just taken it for
 * dead: another one would take its messages back while it sends them. Its next heartbeat says which process it is.
 */
export function know(db: Handle, worker: string, now: number): void {
  statement(db, knows).run(worker, now);
}

export function leave(db: Handle, worker: string): void {
  statement(db, leaves).run(worker);
}

export function workers(db: Handle): readonly WorkerSeen[] {
  return statement(db, all)
    .all()
    .map((row) => ({
      worker: text(row, "id"),
      host: text(row, "host"),
      pid: number(row, "pid"),
      started: text(row, "started"),
      seen: number(row, "seen"),
    }));
}

/** Takes the messages of dead workers back. What was not marked is proved unsent; what was marked is in doubt. */
export function reap(
  db: Handle,
  { workers: dead, now }: ReapRequest,
): { readonly reclaimed: number; readonly doubtful: number } {
  let [reclaimed, doubtful] = [0, 0];
  for (const worker of new Set(dead)) {
    for (const row of statement(db, owned).all(worker)) {
      if (text(row, "state") === "leased") {
        statement(db, reclaim).run(number(row, "seq"));
        reclaimed += 1;
      } else {
        doubtMessage(db, row, now);
        doubtful += 1;
      }
    }
    statement(db, remove).run(worker);
  }
  return { reclaimed, doubtful };
}

function doubtMessage(db: Handle, row: unknown, now: number): void {
  const seq = number(row, "seq");
  const isAgain = isRedelivered(word(["hold", "redeliver"], row, "on_unknown"), number(row, "attempts"));
  const kind = isAgain ? "redeliver" : "doubt";
  statement(db, endAttempt).run(now, kind, DIED, seq, number(row, "token"));
  // defence: marked-and-dead-is-unknown
  if (!isAgain) statement(db, doubt).run(seq);
  const recipients = statement(db, open)
    .all(seq, isAgain ? "pending" : "unknown")
    .map((one) => ({ address: text(one, "address"), outcome: isAgain ? ("pending" as const) : ("unknown" as const) }));
  if (isAgain) statement(db, again).run(now, seq);
  else statement(db, hold).run(DIED, seq);
  record(db, {
    at: now,
    id: text(row, "id"),
    part: number(row, "part"),
    kind,
    state: isAgain ? "waiting" : "held",
    reason: DIED,
    recipients,
  });
}
