/** Messages to a domain in trouble leave their stream's lane on sight, once, so that no claim looks at them again. */
import type { ClaimRequest } from "../store/operations.ts";
import { type Handle, statement } from "./handle.ts";

const anyTrouble = "select 1 from outbox_lane where account = ? and domain is not null and held_until > ? limit 1";
const moveFirst = `
update outbox_message set lane = '@' || domain
where seq in (
  select seq from outbox_message where account = ?1 and lane = ?2 and state = 'waiting' and due <= ?3 order by due, seq limit ?4
) and domain in (select domain from outbox_lane where account = ?1 and domain is not null and held_until > ?3)`;

/** If there are any among those that could be given out, so many are looked at: other calls wait for it. */
const SIGHT = 1_000;

/** Whether any domain of the account is in trouble: nearly always none is. */
export function isTroubled(db: Handle, { account, now }: ClaimRequest): boolean {
  const found = statement(db, anyTrouble).get(account.name, now);
  return found !== undefined && found !== null;
}

/** Moves those that are first in each lane. Returns how many of each lane were looked at and stay: a claim may give out so many. */
export function moveTrouble(
  db: Handle,
  lanes: readonly { readonly name: string }[],
  { account, now, most }: ClaimRequest,
): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  for (const { name } of lanes) {
    // It is the lane of a domain.
    if (name.startsWith("@")) continue;
    const move = (count: number): number =>
      count - Number(statement(db, moveFirst).run(account.name, name, now, count).changes);
    const clean = move(most);
    seen.set(name, clean === most ? most : move(SIGHT));
  }
  return seen;
}
