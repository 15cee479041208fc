/** Finds the messages that a selection names. */
import type { Selection } from "../store/operations.ts";
import { type Handle, statement, type Value } from "./handle.ts";

/** The condition for each property; the values never become part of the text. */
const conditions: Readonly<Record<Exclude<keyof Selection, "limit">, string>> = {
  id: "id = ?",
  state: "state = ?",
  account: "account = ?",
  stream: "stream = ?",
  tag: "exists (select 1 from json_each(tags) where value = ?)",
  recipient: "seq in (select message from outbox_recipient where address = ?)",
  after: "seq > ?",
};

export function selected(db: Handle, selection: Selection): readonly unknown[] {
  const { limit, ...properties } = selection;
  const wheres: string[] = [];
  const values: Value[] = [];
  for (const [name, condition] of Object.entries(conditions)) {
    const value: unknown = Object.entries(properties).find(([key]) => key === name)?.[1];
    if (typeof value !== "string" && typeof value !== "number") continue;
    wheres.push(condition);
    values.push(value);
  }
  const where = wheres.length === 0 ? "" : ` where ${wheres.join(" and ")}`;
  return statement(db, `select * from outbox_message${where} order by seq limit ?`).all(...values, limit);
}
