/** Forgets what is over: kept bodies, then all that is known of old messages; or all that is known of one address. */
import type { PurgeRequest, Results } from "../store/operations.ts";
import { dropBody } from "./body.ts";
import { type Handle, statement } from "./handle.ts";
import { maybe, number, text } from "./row.ts";
import { OVER } from "./state-list.ts";

const keptBodies = "select seq, id, content from outbox_message where body_until <= ? limit ?";
const forgetUntil = "update outbox_message set body_until = null where seq = ?";
/** A message is forgotten as a whole: its first part has the key, by which the others are known too. */
const old = `
select m.id as id from outbox_message m where m.settled <= ?1
  and not exists (select 1 from outbox_message o where o.id = m.id and (o.settled is null or o.settled > ?1))
order by m.settled limit ?2`;
const partsOf = "select seq, id, content from outbox_message where id = ?";
const remove = "delete from outbox_message where seq = ?";
const oldEvents =
  "delete from outbox_event where seq in (select seq from outbox_event where at <= ? order by at limit ?)";
const ofAddress = `
select m.seq as seq, m.id as id, m.content as content,
  (select count(*) from outbox_recipient r where r.message = m.seq) as recipients
from outbox_message m where m.seq in (select message from outbox_recipient where address = ?) and m.state in ${OVER} limit ?`;
const removeRecipient = "delete from outbox_recipient where message = ? and address = ?";
const forgetBody = "update outbox_message set body_until = null where id = ?";
/** A reason quotes the error, which names recipients; so may the reply to all of a message. */
const hidden = "set reason = null where instr(lower(reason), lower(?1)) > 0";
const hideIn = [
  `update outbox_message ${hidden} and seq = ?2`,
  `update outbox_attempt ${hidden} and message = ?2`,
  "update outbox_recipient set text = null where instr(lower(text), lower(?1)) > 0 and message = ?2",
];
/** Theirs may be the error of any message. */
const hideAnywhere = [`update outbox_account ${hidden}`, `update outbox_lane ${hidden}`];
const removeEvents = "delete from outbox_event where id = ?";

export function purge(db: Handle, request: PurgeRequest): Results["purge"] {
  return request.recipient === undefined ? purgeOld(db, request) : purgeAddress(db, request, request.recipient);
}

function purgeOld(db: Handle, { before, now, most }: PurgeRequest): Results["purge"] {
  const bodies = statement(db, keptBodies).all(now, most);
  for (const row of bodies) {
    statement(db, forgetUntil).run(number(row, "seq"));
    dropBody(db, text(row, "id"), maybe(number, row, "content") ?? number(row, "seq"));
  }
  let purged = 0;
  for (const found of statement(db, old).all(before, most))
    for (const row of statement(db, partsOf).all(text(found, "id"))) {
      removeMessage(db, row);
      purged += 1;
    }
  const events = Number(statement(db, oldEvents).run(before, most).changes);
  return { purged, more: [bodies.length, purged, events].some((count) => count >= most) };
}

function purgeAddress(db: Handle, { most }: PurgeRequest, address: string): Results["purge"] {
  let purged = 0;
  for (const row of statement(db, ofAddress).all(address, most)) {
    statement(db, removeEvents).run(text(row, "id"));
    if (number(row, "recipients") === 1) removeMessage(db, row);
    else removeFrom(db, row, address);
    purged += 1;
  }
  for (const sql of hideAnywhere) statement(db, sql).run(address);
  return { purged, more: purged >= most };
}

/** The other recipients stay. A body that was kept does not: it names the address too. */
function removeFrom(db: Handle, row: unknown, address: string): void {
  const [seq, id] = [number(row, "seq"), text(row, "id")];
  statement(db, removeRecipient).run(seq, address);
  for (const sql of hideIn) statement(db, sql).run(address, seq);
  statement(db, forgetBody).run(id);
  dropBody(db, id, maybe(number, row, "content") ?? seq);
}

/** A body that was kept goes with its message, unless another part still needs it. */
function removeMessage(db: Handle, row: unknown): void {
  const seq = number(row, "seq");
  statement(db, remove).run(seq);
  dropBody(db, text(row, "id"), maybe(number, row, "content") ?? seq);
}
