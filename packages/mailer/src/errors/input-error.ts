/** The caller's input was refused, before any connection was made or any byte of it was written. */
import type { inputCodes } from "./codes.ts";
import { MailError } from "./mail-error.ts";

export type InputErrorCode = (typeof inputCodes)[number];

export class InputError extends MailError {
  readonly code: InputErrorCode;
  /** Which part of the input, as the caller would write it: `to[2]`, `headers.Subject`, `attachments[0].path`. */
  readonly field: string;

  /** The message says what is wrong with the field and what to write instead; hostile text in it goes through `shown`. */
  constructor(code: InputErrorCode, field: string, message: string, cause?: unknown) {
    super(`${field}: ${message}`, { disposition: "give-up", cause });
    this.code = code;
    this.field = field;
  }
}
