/** Judges the option whether servers may pass a message on only over verified TLS (RFC 8689). */
import { InputError } from "../errors/input-error.ts";

/** Throws `InputError` (`MAIL_INPUT_MESSAGE`) for anything but a boolean: `"true"` or 1 must not count as false. */
export function judgeRequireTls(given: unknown): boolean {
  if (given === undefined || typeof given === "boolean") return given ?? false;
  throw new InputError("MAIL_INPUT_MESSAGE", "requireTls", "is neither true nor false.");
}
