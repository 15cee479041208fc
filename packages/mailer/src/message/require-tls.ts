/** Whether a message may go on from the server only over verified TLS (RFC 8689), judged. */
import { InputError } from "../errors/input-error.ts";

/** Throws `InputError` (`MAIL_INPUT_MESSAGE`): what is almost true must not pass for false. */
export function judgeRequireTls(given: unknown): boolean {
  if (given === undefined || typeof given === "boolean") return given ?? false;
  throw new InputError("MAIL_INPUT_MESSAGE", "requireTls", "is neither true nor false.");
}
