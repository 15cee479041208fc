/**
 * Messages to a domain in trouble leave their stream's lane on sight, once, so that no claim looks at them again. After the trouble,
 * or if their stream is paused, they go back: only there do its weight and its pause count.
 */
import type { ClaimRequest } from "../store/operations.ts";
import { type Handle, statement } from "./handle.ts";

/** How many messages in a row a domain may defer before it is in trouble. */
export const PATIENCE = 5;
/** The lanes of domains: no name of a stream begins with this character. */
const APART = "name >= '@' and name < 'A'";
const inTrouble = `from outbox_lane where account = ?1 and ${APART} and failures >= ${PATIENCE}`;
const anyTrouble = `select 1 ${inTrouble} limit 1`;
const first = `
select seq from outbox_message where account = ?1 and lane = ?2 and state = 'waiting' and due <= ?3 order by due, seq limit ?4`;
const moveFirst = `
update outbox_message set lane = '@' || domain where seq in (${first}) and domain in (select domain ${inTrouble})`;
const moveBack_ = `update outbox_message set lane = stream where seq in (${first})`;
const moveStreamBack = `
update outbox_message set lane = stream
where account = ?1 and state = 'waiting' and lane >= '@' and lane < 'A' and stream = ?2`;

/** If there are any among those that could be given out, so many are looked at: other calls wait for it. */
const SIGHT = 1_000;

export function isDomain(lane: string): boolean {
  return lane.startsWith("@");
}

/** Whether any domain of the account is in trouble: nearly always none is. */
export function isTroubled(db: Handle, { account }: ClaimRequest): boolean {
  const found = statement(db, anyTrouble).get(account.name);
  return found !== undefined && found !== null;
}

/** Moves those that are first in each lane. Returns how many of each lane were looked at and stay: a claim may give out so many. */
export function moveTrouble(
  db: Handle,
  lanes: readonly string[],
  { account, now, most }: ClaimRequest,
): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  for (const name of lanes) {
    const move = (count: number): number =>
      count - Number(statement(db, moveFirst).run(account.name, name, now, count).changes);
    const clean = move(most);
    seen.set(name, clean === most ? most : move(SIGHT));
  }
  return seen;
}

/** Moves those that are first in the lane of a domain that is no longer in trouble. */
export function moveBack(db: Handle, lane: string, { account, now }: ClaimRequest): void {
  statement(db, moveBack_).run(account.name, lane, now, SIGHT);
}

/** Moves all that wait of one stream. */
export function gatherStream(db: Handle, account: string, stream: string): void {
  statement(db, moveStreamBack).run(account, stream);
}
