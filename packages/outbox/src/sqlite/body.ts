/** When the octets of a message go. Its parts share them. */
import { type Handle, statement } from "./handle.ts";
import { maybe, number, text } from "./row.ts";

const drop = `
delete from outbox_body where content = ?2 and not exists (
  select 1 from outbox_message where id = ?1 and (state in ('waiting', 'leased', 'marked', 'held') or body_until is not null)
)`;

const keep = "update outbox_message set body_until = ? where seq = ?";

/** At the end of a message, which is written already: keeps them so many milliseconds, or deletes them. */
export function endBody(db: Handle, row: unknown, now: number, keepBody: number): void {
  const seq = number(row, "seq");
  if (keepBody > 0) statement(db, keep).run(now + keepBody, seq);
  else dropBody(db, text(row, "id"), maybe(number, row, "content") ?? seq);
}

/** Deletes them unless another part still needs them. */
export function dropBody(db: Handle, id: string, content: number): void {
  statement(db, drop).run(id, content);
}
