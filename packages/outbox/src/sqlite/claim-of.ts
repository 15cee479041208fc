/** Leases one message to a worker, and reads all that the worker needs. */
import type { Claim } from "../store/operations.ts";
import { ROW } from "../model/row-size.ts";
import { parseFloor } from "./floor-column.ts";
import { type Handle, statement } from "./handle.ts";
import { flag, maybe, number, octets, text, word } from "./row.ts";
import { OPEN, statesFor } from "./state-list.ts";

const lease = `
update outbox_message set state = 'leased', token = token + 1, worker = ?2, attempts = attempts + 1, lane = stream
where seq = ?1 and state in ${statesFor("claim")} returning *`;
const open = `select address from outbox_recipient where message = ? and outcome in ${OPEN} order by n`;
const row = "select octets from outbox_body where content = ? and n = ?";

export function claimOf(db: Handle, seq: number, worker: string): Claim {
  const found = statement(db, lease).get(seq, worker);
  const size = number(found, "size");
  const content = maybe(number, found, "content") ?? seq;
  return {
    seq,
    token: number(found, "token"),
    id: text(found, "id"),
    part: number(found, "part"),
    account: text(found, "account"),
    lane: text(found, "lane"),
    attempts: number(found, "attempts"),
    created: number(found, "created"),
    expires: number(found, "expires"),
    sender: text(found, "sender"),
    messageId: maybe(text, found, "message_id"),
    size,
    smtpUtf8: flag(found, "smtp_utf8"),
    requireTls: flag(found, "require_tls"),
    dsn: maybe(text, found, "dsn"),
    floor: parseFloor(text(found, "floor")),
    onUnknown: word(["hold", "redeliver"], found, "on_unknown"),
    recipients: statement(db, open)
      .all(seq)
      .map((recipient) => text(recipient, "address")),
    // A message in one row goes to the worker with the claim.
    octets: size <= ROW ? octetsAt(db, content, 0) : undefined,
    content,
  };
}

/** One row of a message's octets; `undefined` after the last. */
export function octetsAt(db: Handle, content: number, n: number): Uint8Array | undefined {
  const found = statement(db, row).get(content, n);
  return found === undefined || found === null ? undefined : octets(found, "octets");
}
