/** What is known of an account: whether it serves, rests after failures, or waits for a person. All workers share it. */
import { latestRest, restDelay } from "../model/schedule.ts";
import { MOST_REFUSED } from "../model/sender-refusal.ts";
import type { AccountNews, PauseRequest } from "../store/operations.ts";
import { type Handle, statement } from "./handle.ts";
import { number } from "./row.ts";
import { gatherStream } from "./trouble.ts";

const rests = "select rests_until, failures from outbox_account where name = ?";
const serves =
  "update outbox_account set failures = 0, rests_until = 0, reason = null where name = ? and failures > 0 and locked = 0";
const fails = `
insert into outbox_account (name, failures, rests_until, reason) values (?1, 1, ?2, ?3)
on conflict (name) do update set failures = failures + 1, rests_until = ?2, reason = ?3`;
const explains = "update outbox_account set reason = ? where name = ?";
const locks = `
insert into outbox_account (name, locked, failures, reason) values (?1, 1, 1, ?2)
on conflict (name) do update set locked = 1, failures = failures + 1, reason = ?2`;
const pauses = `
insert into outbox_account (name, paused) values (?1, 1) on conflict (name) do update set paused = 1`;
/** If nothing was corrected, the next refusal stops the account again, and no message is lost to it. */
const resumes = `
update outbox_account set paused = 0, locked = 0, failures = 0, rests_until = 0, reason = null,
  refusals = min(refusals, ${MOST_REFUSED - 1}) where name = ?`;
const pausesStream = `
insert into outbox_lane (account, name, paused) values (?1, ?2, 1) on conflict (account, name) do update set paused = 1`;
const resumesStream = "update outbox_lane set paused = 0, held_until = 0 where account = ? and name = ?";
const endsRests = "update outbox_account set rests_until = 0 where rests_until > ?";
const endsHolds = "update outbox_lane set held_until = 0 where held_until > ?";

export function tellAccount(db: Handle, { account, is, reason, random, now }: AccountNews): void {
  if (is === "served") statement(db, serves).run(account);
  else if (is === "locked") lockAccount(db, account, reason);
  else {
    const row = statement(db, rests).get(account);
    const failures = row === undefined || row === null ? 0 : number(row, "failures");
    // Several messages that were on their way together tell of one failure, and that of a probe is counted when it begins.
    const isCounted = failures > 0 && row !== undefined && number(row, "rests_until") > now;
    if (isCounted) statement(db, explains).run(reason ?? null, account);
    else statement(db, fails).run(account, now + restDelay(failures + 1, random), reason ?? null);
  }
}

/** Nobody tries until a person resumes it. */
export function lockAccount(db: Handle, account: string, reason: string | undefined): void {
  statement(db, locks).run(account, reason ?? null);
}

export function pause(db: Handle, { account, stream, paused }: PauseRequest): void {
  if (stream === undefined) statement(db, paused ? pauses : resumes).run(account);
  else {
    statement(db, paused ? pausesStream : resumesStream).run(account, stream);
    if (paused) gatherStream(db, account, stream);
  }
}

/** Ends the rests that a clock which was ahead has made far too long. */
export function endStrayRests(db: Handle, now: number): void {
  const latest = latestRest(now);
  statement(db, endsRests).run(latest.account);
  statement(db, endsHolds).run(latest.domain);
}
