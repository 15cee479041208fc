/** What people and programs ask about: lists, one message with all that is known, counts, events. */
import { outcomes, type State, states } from "../model/state.ts";
import type {
  AccountFacts,
  AttemptFacts,
  Counts,
  Details,
  LaneFacts,
  MessageFacts,
  OutboxEvent,
  RecipientFate,
  Selection,
} from "../store/operations.ts";
import { type Handle, statement } from "./handle.ts";
import { flag, isRow, json, maybe, number, text, word } from "./row.ts";
import { selected } from "./selection.ts";
import { stateOf } from "./settle.ts";
import { workers } from "./worker-table.ts";

const recipientsOf = "select * from outbox_recipient where message = ? order by n";
const attemptsOf = "select * from outbox_attempt where message = ? order by token";
const accountOf = "select * from outbox_account where name = ?";
const laneOf = "select * from outbox_lane where account = ? and name = ?";
const hasBody = "select count(*) as n from outbox_body where content = ?";
const countStates = "select state, count(*) as n from outbox_message group by state";
const countUnknown = `
select count(distinct r.message) as n from outbox_recipient r join outbox_message m on m.seq = r.message
where r.outcome = 'unknown' and m.state = 'held'`;
const oldest = "select min(due) as due from outbox_message where state = 'waiting'";
const lastEvent = "select max(seq) as seq from outbox_event";
/** Also those of which nothing is known but that they have something to send: one step of the index for each. `state not in` is the condition of the other index. */
const accounts = `
with recursive waiting (name) as (
  select min(account) from outbox_message where state = 'waiting'
  union all
  select (select min(account) from outbox_message where state = 'waiting' and account > waiting.name)
    from waiting where waiting.name is not null
), named (name) as (
  select name from outbox_account
  union select name from waiting where name is not null
  union select account from outbox_message where state not in ('done', 'waiting') and state in ('leased', 'marked', 'held')
)
select named.name as name, coalesce(paused, 0) as paused, coalesce(locked, 0) as locked, coalesce(rests_until, 0) as rests_until,
  coalesce(failures, 0) as failures, reason
from named left join outbox_account a on a.name = named.name order by named.name`;
const lanes = "select * from outbox_lane order by account, name";
const eventsAfter = "select * from outbox_event where seq > ? order by seq limit ?";

export function list(db: Handle, selection: Selection): readonly MessageFacts[] {
  return selected(db, selection).map((row) => messageOf(db, row));
}

/** One for each part. */
export function details(db: Handle, { id }: { readonly id: string }): readonly Details[] {
  return selected(db, { id, limit: Number.MAX_SAFE_INTEGER }).map((row) => {
    const message = messageOf(db, row);
    const account = statement(db, accountOf).get(message.account);
    const lane = statement(db, laneOf).get(message.account, message.lane);
    const content = maybe(number, row, "content") ?? message.seq;
    return {
      message,
      attempts: statement(db, attemptsOf).all(message.seq).map(attemptOf),
      account: isRow(account) ? accountFacts(account) : undefined,
      lane: isRow(lane) ? laneFacts(lane) : undefined,
      hasBody: number(statement(db, hasBody).get(content), "n") > 0,
    };
  });
}

export function counts(db: Handle): Counts {
  const found = new Map<State, number>(
    statement(db, countStates)
      .all()
      .map((row) => [stateOf(row), number(row, "n")]),
  );
  const each = (state: State): number => found.get(state) ?? 0;
  return {
    states: {
      waiting: each("waiting"),
      leased: each("leased"),
      marked: each("marked"),
      done: each("done"),
      held: each("held"),
      dead: each("dead"),
      cancelled: each("cancelled"),
    },
    unknown: number(statement(db, countUnknown).get(), "n"),
    oldestDue: maybe(number, statement(db, oldest).get(), "due"),
    lastEvent: maybe(number, statement(db, lastEvent).get(), "seq") ?? 0,
    accounts: statement(db, accounts).all().map(accountFacts),
    lanes: statement(db, lanes).all().map(laneFacts),
    workers: workers(db),
  };
}

export function events(
  db: Handle,
  { after, limit }: { readonly after: number; readonly limit: number },
): readonly OutboxEvent[] {
  return statement(db, eventsAfter)
    .all(after, limit)
    .map((row) => ({
      seq: number(row, "seq"),
      at: number(row, "at"),
      id: text(row, "id"),
      part: number(row, "part"),
      kind: text(row, "kind"),
      state: word(states, row, "state"),
      reason: maybe(text, row, "reason"),
      recipients: fatesOf(json(row, "recipients")),
    }));
}

function messageOf(db: Handle, row: unknown): MessageFacts {
  const seq = number(row, "seq");
  return {
    seq,
    id: text(row, "id"),
    part: number(row, "part"),
    key: maybe(text, row, "key"),
    account: text(row, "account"),
    stream: text(row, "stream"),
    lane: text(row, "lane"),
    state: stateOf(row),
    due: number(row, "due"),
    expires: number(row, "expires"),
    attempts: number(row, "attempts"),
    sender: text(row, "sender"),
    messageId: maybe(text, row, "message_id"),
    size: number(row, "size"),
    onUnknown: word(["hold", "redeliver"], row, "on_unknown"),
    reason: maybe(text, row, "reason"),
    tags: tagsOf(json(row, "tags")),
    created: number(row, "created"),
    settled: maybe(number, row, "settled"),
    recipients: statement(db, recipientsOf).all(seq).map(fateOf),
  };
}

function fateOf(row: unknown): RecipientFate {
  return {
    address: text(row, "address"),
    outcome: word(outcomes, row, "outcome"),
    code: maybe(number, row, "code"),
    enhanced: maybe(text, row, "enhanced"),
    text: maybe(text, row, "text"),
    stage: maybe(text, row, "stage"),
  };
}

function fatesOf(given: unknown): readonly RecipientFate[] {
  return Array.isArray(given) ? given.map(fateOf) : [];
}

function tagsOf(given: unknown): readonly string[] {
  return Array.isArray(given) ? given.filter((tag) => typeof tag === "string") : [];
}

function attemptOf(row: unknown): AttemptFacts {
  return {
    token: number(row, "token"),
    worker: text(row, "worker"),
    marked: maybe(number, row, "marked"),
    ended: maybe(number, row, "ended"),
    ending: maybe(text, row, "ending"),
    reason: maybe(text, row, "reason"),
    seal: maybe(text, row, "seal"),
  };
}

function accountFacts(row: unknown): AccountFacts {
  return {
    name: text(row, "name"),
    paused: flag(row, "paused"),
    locked: flag(row, "locked"),
    restsUntil: number(row, "rests_until"),
    failures: number(row, "failures"),
    reason: maybe(text, row, "reason"),
  };
}

function laneFacts(row: unknown): LaneFacts {
  return {
    account: text(row, "account"),
    name: text(row, "name"),
    domain: maybe(text, row, "domain"),
    paused: flag(row, "paused"),
    heldUntil: number(row, "held_until"),
    reason: maybe(text, row, "reason"),
  };
}
