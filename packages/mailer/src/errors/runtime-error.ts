/** This runtime cannot enforce the TLS policy. There is no fallback. */
import { MailError } from "./mail-error.ts";

export class RuntimeError extends MailError {
  readonly code = "MAIL_RUNTIME_UNSUPPORTED";

  constructor(found: string, cause?: unknown) {
    super(
      `Postseal cannot keep its TLS policy on ${found}. It needs Node 22.20 or newer in the 22 line, or 24.5 or newer, with OpenSSL 3.5.`,
      { disposition: "give-up", cause },
    );
  }
}
