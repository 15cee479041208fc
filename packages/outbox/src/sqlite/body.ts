/** When the octets of a message go. Its parts share them. */
import { type Handle, statement } from "./handle.ts";

const drop = `
delete from outbox_body where content = ?2 and not exists (
  select 1 from outbox_message where id = ?1 and (state in ('waiting', 'leased', 'marked', 'held') or body_until is not null)
)`;

/** Deletes them unless another part still needs them. */
export function dropBody(db: Handle, id: string, content: number): void {
  statement(db, drop).run(id, content);
}
