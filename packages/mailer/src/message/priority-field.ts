/** The fields by which mail programs show that a message is urgent or not: Importance (RFC 2156) and X-Priority. */
import { InputError } from "../errors/input-error.ts";
import type { Priority } from "./input.ts";

const FIELDS: ReadonlyMap<string, string> = new Map([
  ["high", "X-Priority: 1\r\nImportance: High\r\n"],
  ["normal", ""],
  ["low", "X-Priority: 5\r\nImportance: Low\r\n"],
] satisfies readonly (readonly [Priority, string])[]);

/** Throws `InputError` (`MAIL_INPUT_MESSAGE`). */
export function priorityFields(priority: Priority): string {
  const fields = FIELDS.get(priority);
  if (fields === undefined) throw new InputError("MAIL_INPUT_MESSAGE", "priority", 'is not "high", "normal" or "low".');
  return fields;
}

/** Whether the option writes this field, which may then not be given a second time. */
export function isPriorityField(name: string): boolean {
  return /^(?:x-priority|importance)$/i.test(name);
}
