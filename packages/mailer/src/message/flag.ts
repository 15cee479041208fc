/** Judges options that are true or false: `"true"` or 1 must not count as false, nor be ignored. */
import { InputError } from "../errors/input-error.ts";

/** Throws `InputError` (`MAIL_INPUT_MESSAGE`) for anything but a boolean. */
export function judgeFlag(given: unknown, field: string): boolean {
  if (given === undefined || typeof given === "boolean") return given ?? false;
  throw new InputError("MAIL_INPUT_MESSAGE", field, "is neither true nor false.");
}
