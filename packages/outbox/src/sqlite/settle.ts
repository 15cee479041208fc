/** The mark and the end of an attempt. Both count only under the message's present token. */
import { isOver, next, type State, states } from "../model/state.ts";
import { probeDelay } from "../model/schedule.ts";
import type { MarkRequest, RecipientFate, Settlement } from "../store/operations.ts";
import { dropBody } from "./body.ts";
import { record } from "./event.ts";
import { type Handle, statement } from "./handle.ts";
import { maybe, number, text, word } from "./row.ts";
import { countRefusal } from "./sender-refusal.ts";
import { statesFor } from "./state-list.ts";
import { PATIENCE } from "./trouble.ts";

const mark_ = `
update outbox_message set state = 'marked'
where seq = ? and token = ? and worker = ? and expires > ? and state in ${statesFor("mark")}
  and not exists (select 1 from outbox_account a where a.name = account and a.paused = 1)
  and not exists (select 1 from outbox_lane l where l.account = outbox_message.account and l.name = stream and l.paused = 1)`;
const markAttempt = `
insert into outbox_attempt (message, token, worker, marked) values (?1, ?2, ?3, ?4)
on conflict (message, token) do update set marked = ?4`;
const current = "select id, part, state, token, account, lane, domain, due, content from outbox_message where seq = ?";
const setRecipient = `
update outbox_recipient set outcome = ?, code = ?, enhanced = ?, text = ?, stage = ?, decided = ?
where message = ? and address = ? and outcome not in ('accepted', 'refused')`;
const endAttempt = `
insert into outbox_attempt (message, token, worker, ended, ending, reason, seal) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
on conflict (message, token) do update set ended = ?4, ending = ?5, reason = ?6, seal = ?7`;
const endedAs = "select ending from outbox_attempt where message = ? and token = ?";
const setMessage = `
update outbox_message set state = ?2, worker = null, due = ?3, reason = ?4, attempts = attempts - ?5, settled = ?6, body_until = ?7
where seq = ?1`;

const lastDue =
  "select max(due) as due from outbox_message where account = ? and lane = ? and state = 'waiting' and due <= ?";
const laneFails = `
insert into outbox_lane (account, name, domain, failures, reason) values (?1, ?2, ?3, 1, ?4)
on conflict (account, name) do update set failures = failures + (held_until <= ?5), domain = ?3, reason = ?4
returning failures, held_until as held`;
const laneHeld = "update outbox_lane set held_until = ? where account = ? and name = ?";
const laneServes = "delete from outbox_lane where account = ? and name = ? and domain is not null";

/** The fence. Whether the message may be handed over; `false` counts as no for whatever reason. */
export function mark(db: Handle, { seq, token, worker, now }: MarkRequest): boolean {
  const { changes } = statement(db, mark_).run(seq, token, worker, now);
  // defence: mark-is-the-fence
  if (Number(changes) === 0) return false;
  statement(db, markAttempt).run(seq, token, worker, now);
  return true;
}

/** Whether the settlement counted. */
export function settle(db: Handle, given: Settlement): boolean {
  const { seq, token, now, reason, keepBody } = given;
  const found = statement(db, current).get(seq);
  if (found === undefined || found === null) return false;
  const state = word(states, found, "state");
  // defence: only-the-token-settles
  if (number(found, "token") !== token || next(state, given.ending) === undefined) return false;
  const facts = { id: text(found, "id"), part: number(found, "part") };
  const settlement = countRefusal(db, { account: text(found, "account"), id: facts.id }, given);
  const { ending, recipients } = settlement;
  const after = next(state, ending);
  if (after === undefined) return false;
  for (const recipient of recipients) setFate(db, seq, recipient, now);
  const isUncounted = ending === "release";
  const givesBack = isUncounted && isCounted(db, settlement, state);
  const { worker, seal } = settlement;
  statement(db, endAttempt).run(seq, token, worker, now, ending, reason ?? null, seal ?? null);
  const ends = isOver(after);
  statement(db, setMessage).run(
    seq,
    after,
    isUncounted ? dueAfterRelease(db, found, now) : settlement.due,
    reason ?? null,
    Number(givesBack),
    ends ? now : null,
    ends && keepBody > 0 ? now + keepBody : null,
  );
  if (ends && keepBody === 0) dropBody(db, facts.id, maybe(number, found, "content") ?? seq);
  if (!isUncounted) record(db, { at: now, ...facts, kind: ending, state: after, reason, recipients });
  tellDomain(db, settlement, text(found, "account"), maybe(text, found, "domain"));
  return true;
}

/**
 * After all that are due, so that another message shows whether the account works. It is counted from their times, not from now: if
 * this process's clock is ahead, the message must not wait for that time to come.
 */
function dueAfterRelease(db: Handle, row: unknown, now: number): number {
  const last = statement(db, lastDue).get(text(row, "account"), text(row, "lane"), now);
  return Math.max(number(row, "due"), (maybe(number, last, "due") ?? 0) + 1);
}

/** Whether the attempt is among those that count. It no longer is if the message was taken back before its mark, or released before. */
function isCounted(db: Handle, { seq, token }: Settlement, state: State): boolean {
  if (state !== "waiting") return true;
  const found = statement(db, endedAs).get(seq, token);
  return found !== undefined && found !== null && maybe(text, found, "ending") === "redeliver";
}

function setFate(db: Handle, seq: number, fate: RecipientFate, now: number): void {
  const isDecided = fate.outcome !== "pending" && fate.outcome !== "deferred" && fate.outcome !== "unknown";
  statement(db, setRecipient).run(
    fate.outcome,
    fate.code ?? null,
    fate.enhanced ?? null,
    fate.text ?? null,
    fate.stage ?? null,
    isDecided ? now : null,
    seq,
    fate.address,
  );
}

/** What the answers at RCPT say about the domain that all recipients share. Only several in a row mean trouble. */
function tellDomain(db: Handle, settlement: Settlement, account: string, domain: string | undefined): void {
  const { recipients, now, random } = settlement;
  if (domain === undefined) return;
  const lane = `@${domain}`;
  const isDeferred = recipients.every(({ outcome, stage }) => outcome === "deferred" && stage === "recipient");
  if (!isDeferred || recipients.length === 0) {
    const isAnswered = recipients.some(({ outcome }) => outcome === "accepted");
    if (isAnswered) statement(db, laneServes).run(account, lane);
    return;
  }
  // Messages that were under way together tell of one trouble, and the failure of a probe is counted when it begins.
  const row = statement(db, laneFails).get(account, lane, domain, settlement.reason ?? null, now);
  const rests = number(row, "failures") - PATIENCE + 1;
  if (rests > 0 && number(row, "held") <= now)
    statement(db, laneHeld).run(now + probeDelay(rests, random), account, lane);
}

/** For all states: the state that a row holds. */
export function stateOf(row: unknown): State {
  return word(states, row, "state");
}
