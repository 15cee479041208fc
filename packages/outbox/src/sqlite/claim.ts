/** Gives a worker the messages that it may send next: of an account that may send, in the shares of the streams. */
import { type Bucket, mayTake, type Rate, refill, take } from "../model/bucket.ts";
import { type Lane, order } from "../model/shares.ts";
import { probeDelay, restDelay } from "../model/schedule.ts";
import type { Claim, Claimed, ClaimRequest } from "../store/operations.ts";
import { claimOf } from "./claim-of.ts";
import { expireOverdue } from "./control.ts";
import { type Handle, statement } from "./handle.ts";
import { flag, maybe, number, text } from "./row.ts";
import { OPEN } from "./state-list.ts";
import { isDomain, isTroubled, moveBack, moveTrouble, PATIENCE } from "./trouble.ts";
import { know } from "./worker-table.ts";

/** Each lane with something that waits, and when its first message is due: one step of the index for each. */
const lanesWithWork = `
with recursive lane (name) as (
  select min(lane) from outbox_message where account = ?1 and state = 'waiting'
  union all
  select (select min(lane) from outbox_message where account = ?1 and state = 'waiting' and lane > lane.name)
    from lane where lane.name is not null
)
select lane.name as name, coalesce(l.served, 0) as served, coalesce(l.paused, 0) as paused, coalesce(l.held_until, 0) as held,
  coalesce(l.failures, 0) as failures,
  (select min(due) from outbox_message where account = ?1 and state = 'waiting' and lane = lane.name) as due
from lane left join outbox_lane l on l.account = ?1 and l.name = lane.name
where lane.name is not null`;
const accountRow = "select * from outbox_account where name = ?";
const firstDue = `
select seq, size, (select count(*) from outbox_recipient r where r.message = seq and r.outcome in ${OPEN}) as recipients
from outbox_message where account = ? and lane = ? and state = 'waiting' and due <= ? order by due, seq limit ?`;
const serve = `
insert into outbox_lane (account, name, served) values (?1, ?2, ?3)
on conflict (account, name) do update set served = ?3`;
const probesDomain = "update outbox_lane set failures = failures + 1, held_until = ? where account = ? and name = ?";
const saveBuckets = `
insert into outbox_account (name, messages, messages_filled, recipients, recipients_filled) values (?1, ?2, ?3, ?4, ?5)
on conflict (name) do update set messages = ?2, messages_filled = ?3, recipients = ?4, recipients_filled = ?5`;

const probes = "update outbox_account set failures = failures + 1, rests_until = ? where name = ?";

/** A domain in trouble has this for a weight: it is one among the streams. */
const TROUBLE_WEIGHT = 1;
/** How often a worker asks again if the rate is used up, in milliseconds. */
const RATE_PAUSE = 100;

interface LaneWithWork extends Lane {
  readonly failures: number;
}

interface Found {
  readonly lanes: readonly LaneWithWork[];
  /** When the next message is due in other lanes. */
  readonly again: number | undefined;
}

/** What a claim may choose from: lanes, and how many messages of each. */
interface Choice extends Found {
  readonly left: Map<string, number>;
  /** Whether there is more to look at. */
  readonly hasMore: boolean;
}

export function claim(db: Handle, request: ClaimRequest): Claimed {
  const { account, now } = request;
  const row = statement(db, accountRow).get(account.name) ?? {};
  const state = accountState(row);
  if (state.stopped || state.restsUntil > now)
    return { claims: [], again: state.stopped ? undefined : state.restsUntil, probing: false, limited: false };
  // What cannot be marked any more must not be given out: it would come back at once, again and again.
  if (expireOverdue(db, now, request.keepBody) > 0) return { claims: [], again: now, probing: false, limited: true };
  const { lanes, again, left, hasMore } = choiceOf(db, request);
  const budget = new Budget(row, request, state.failures > 0 ? 1 : request.most);
  const claims: Claim[] = [];
  const mayGive = ({ name }: Lane): boolean => (left.get(name) ?? 0) > 0;
  for (let open = lanes.filter(mayGive); open.length > 0 && budget.hasRoom; open = open.filter(mayGive))
    for (const [name, share] of sharesOf(open, budget.room)) {
      const most = left.get(name) ?? 0;
      const taken = takeFrom(db, request, name, Math.min(share.count, most), budget);
      claims.push(...taken);
      left.set(name, taken.length < share.count ? 0 : most - taken.length);
      if (taken.length > 0) statement(db, serve).run(account.name, name, share.served);
      if (taken.length > 0 && isDomain(name)) {
        // One probe at a time: until it is answered, the domain rests as if it had failed.
        const failures = open.find((one) => one.name === name)?.failures ?? PATIENCE;
        statement(db, probesDomain).run(now + probeDelay(failures - PATIENCE + 2, 0.5), account.name, name);
      }
    }
  // One probe at a time: until it is answered, the account rests as if it had failed.
  if (claims.length > 0 && state.failures > 0)
    statement(db, probes).run(now + restDelay(state.failures + 1, 0.5), account.name);
  if (claims.length > 0) know(db, request.worker, now);
  budget.save(db);
  const limited = budget.isLimited ? now + RATE_PAUSE : undefined;
  return {
    claims,
    again: earliest(earliest(again, limited), hasMore ? now : undefined),
    probing: state.failures > 0,
    limited: budget.isLimited || hasMore,
  };
}

function choiceOf(db: Handle, request: ClaimRequest): Choice {
  const first = lanesOf(db, request);
  const returning = first.lanes.filter(({ name, failures }) => isDomain(name) && failures < PATIENCE);
  for (const { name } of returning) moveBack(db, name, request);
  const troubled = isTroubled(db, request);
  if (returning.length === 0 && !troubled)
    return { ...first, left: new Map(first.lanes.map(({ name }) => [name, Infinity])), hasMore: false };
  const now = returning.length === 0 ? first : lanesOf(db, request);
  const streams = now.lanes.filter(({ name }) => !isDomain(name));
  // Others could give nothing anyway.
  const next = new Set(order(streams, request.most).map(({ lane }) => lane));
  const seen = troubled ? moveTrouble(db, [...next], request) : undefined;
  const { lanes, again } = lanesOf(db, request);
  const most = ({ name, failures }: LaneWithWork): number => {
    if (isDomain(name)) return failures < PATIENCE ? 0 : 1;
    return seen === undefined ? Infinity : (seen.get(name) ?? 0);
  };
  const left = new Map(lanes.map((lane) => [lane.name, most(lane)]));
  return { lanes, again, left, hasMore: [...left.values()].includes(0) };
}

function accountState(row: unknown): {
  readonly stopped: boolean;
  readonly restsUntil: number;
  readonly failures: number;
} {
  const has = maybe(text, row, "name") !== undefined;
  return {
    stopped: has && (flag(row, "paused") || flag(row, "locked")),
    restsUntil: has ? number(row, "rests_until") : 0,
    failures: has ? number(row, "failures") : 0,
  };
}

/** Lanes with a message that is due. */
function lanesOf(db: Handle, { account, weights, now }: ClaimRequest): Found {
  const lanes: LaneWithWork[] = [];
  let again: number | undefined;
  for (const row of statement(db, lanesWithWork).all(account.name)) {
    const name = text(row, "name");
    if (flag(row, "paused")) continue;
    const ready = Math.max(number(row, "due"), number(row, "held"));
    if (ready > now) again = earliest(again, ready);
    else {
      const weight = Object.hasOwn(weights, name) ? (weights[name] ?? 1) : TROUBLE_WEIGHT;
      lanes.push({
        name,
        weight,
        served: number(row, "served"),
        failures: number(row, "failures"),
      });
    }
  }
  return { lanes, again };
}

function sharesOf(
  lanes: readonly Lane[],
  count: number,
): ReadonlyMap<string, { readonly count: number; readonly served: number }> {
  const shares = new Map<string, { readonly count: number; readonly served: number }>();
  for (const { lane, served } of order(lanes, count))
    shares.set(lane, { count: (shares.get(lane)?.count ?? 0) + 1, served });
  return shares;
}

function takeFrom(db: Handle, request: ClaimRequest, lane: string, count: number, budget: Budget): readonly Claim[] {
  const { account, now, worker } = request;
  const claims: Claim[] = [];
  for (const row of statement(db, firstDue).all(account.name, lane, now, count)) {
    if (!budget.spend(number(row, "size"), number(row, "recipients"))) break;
    claims.push(claimOf(db, number(row, "seq"), worker));
  }
  return claims;
}

/** What this claim may still take: messages, octets, and what the account's rate allows. */
class Budget {
  readonly #request: ClaimRequest;
  readonly #now: number;
  #messages: Bucket | undefined;
  #recipients: Bucket | undefined;
  #octets = 0;
  #left: number;
  #isLimited = false;
  #spent = false;
  /** The clock was ahead when the rate was last used: it would be refilled only once that time has come. */
  readonly #isAhead: boolean;

  constructor(row: unknown, request: ClaimRequest, most: number) {
    this.#request = request;
    this.#now = request.now;
    this.#left = most;
    const { messages, recipients } = request.account;
    this.#isAhead = ["messages_filled", "recipients_filled"].some(
      (name) => (maybe(number, row, name) ?? 0) > this.#now,
    );
    this.#messages = bucketOf(row, "messages", messages, this.#now);
    this.#recipients = bucketOf(row, "recipients", recipients, this.#now);
  }

  get room(): number {
    return this.#left;
  }

  get hasRoom(): boolean {
    return this.#left > 0 && !this.#isLimited && (this.#octets < this.#request.mostOctets || !this.#spent);
  }

  /** Whether the account's rate, and nothing else, has ended it. */
  get isLimited(): boolean {
    return this.#isLimited;
  }

  spend(size: number, recipients: number): boolean {
    if (!this.hasRoom) return false;
    if (this.#spent && this.#octets + size > this.#request.mostOctets) {
      this.#left = 0;
      return false;
    }
    const { messages: perTime, recipients: recipientsPerTime } = this.#request.account;
    this.#isLimited = isShort(this.#messages, perTime, 1) || isShort(this.#recipients, recipientsPerTime, recipients);
    if (this.#isLimited) return false;
    if (this.#messages !== undefined) this.#messages = take(this.#messages, 1);
    if (this.#recipients !== undefined) this.#recipients = take(this.#recipients, recipients);
    this.#octets += size;
    this.#left -= 1;
    this.#spent = true;
    return true;
  }

  save(db: Handle): void {
    if (!(this.#spent || this.#isAhead) || (this.#messages === undefined && this.#recipients === undefined)) return;
    statement(db, saveBuckets).run(
      this.#request.account.name,
      this.#messages?.tokens ?? null,
      this.#messages?.filled ?? null,
      this.#recipients?.tokens ?? null,
      this.#recipients?.filled ?? null,
    );
  }
}

function bucketOf(
  row: unknown,
  name: "messages" | "recipients",
  rate: Rate | undefined,
  now: number,
): Bucket | undefined {
  if (rate === undefined) return undefined;
  const tokens = maybe(number, row, name);
  const filled = maybe(number, row, `${name}_filled`);
  return refill(tokens === undefined || filled === undefined ? undefined : { tokens, filled }, rate, now);
}

function isShort(bucket: Bucket | undefined, rate: Rate | undefined, wanted: number): boolean {
  return bucket !== undefined && rate !== undefined && !mayTake(bucket, rate, wanted);
}

function earliest(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
